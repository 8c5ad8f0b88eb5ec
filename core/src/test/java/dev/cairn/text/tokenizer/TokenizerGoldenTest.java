package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Small tokenizers of the kinds that published models have, against what transformers, tokenizers
 * and lm-evaluation-harness read with them: tools/goldens/tokenizer_files.py.
 */
class TokenizerGoldenTest {
    private static final Path CASES = Path.of("core/src/test/resources/tokenizer-files/cases.json");

    @TempDir Path folder;

    /** A tokenizer with what was asked of it; named after its kind. */
    record Case(String name, JsonNode json) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> all() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(CASES)).values().stream()
                .map(json -> new Case(json.path("name").asString(), json))
                .toList();
    }

    static Stream<Case> read() throws IOException {
        return all().stream().filter(each -> !each.json.has("refused"));
    }

    static Stream<Case> refused() throws IOException {
        return all().stream().filter(each -> each.json.has("refused"));
    }

    @ParameterizedTest
    @MethodSource("read")
    void readsAsOthersDo(Case each) {
        write(each);
        Tokenizer tokenizer = Tokenizer.load(folder);
        for (JsonNode text : each.json.path("texts")) {
            int[] ids = tokenizer.encode(text.path("text").asString());
            assertThat(ids).as("%s", text).isEqualTo(ids(text.path("ids")));
            assertThat(tokenizer.decode(ids)).isEqualTo(text.path("decoded").asString());
        }
        for (JsonNode prompt : each.json.path("prompts")) {
            assertThat(tokenizer.encode(prompt.path("text").asString(), true))
                    .as("%s", prompt)
                    .isEqualTo(ids(prompt.path("ids")));
        }
        int id = 0;
        for (JsonNode token : each.json.path("tokens")) {
            assertThat(new String(tokenizer.bytes(id), StandardCharsets.UTF_8))
                    .as("token %d", id++)
                    .isEqualTo(token.asString());
        }
    }

    @ParameterizedTest
    @MethodSource("read")
    void splitsContextsAsLmEvalDoes(Case each) {
        write(each);
        Tokenizer tokenizer = Tokenizer.load(folder);
        OptionalInt bos = tokenizer.bosId(folder);
        for (JsonNode pair : each.json.path("pairs")) {
            Continuation split =
                    Continuation.of(
                            tokenizer,
                            pair.path("context").asString(),
                            true,
                            pair.path("continuation").asString(),
                            bos);
            assertThat(split.contextIds()).as("%s", pair).isEqualTo(ids(pair.path("context_ids")));
            assertThat(split.continuationIds())
                    .as("%s", pair)
                    .isEqualTo(ids(pair.path("continuation_ids")));
        }
    }

    @ParameterizedTest
    @MethodSource("read")
    void learnsTargetsInTheTokensOfRunningText(Case each) {
        write(each);
        Tokenizer tokenizer = Tokenizer.load(folder);
        for (JsonNode example : each.json.path("targets")) {
            Continuation split =
                    Continuation.learnt(
                            tokenizer,
                            example.path("prompt").asString(),
                            true,
                            example.path("target").asString());
            assertThat(split.contextIds())
                    .as("%s", example)
                    .isEqualTo(ids(example.path("prompt_ids")));
            assertThat(split.continuationIds())
                    .as("%s", example)
                    .isEqualTo(ids(example.path("ids")));
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesAnAddedTokenThatTheLibraryNumbersInAnotherWay(Case each) {
        write(each);
        JsonNode wrong = each.json.path("refused");
        assertThatThrownBy(() -> Tokenizer.load(folder))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(
                        "added_tokens: \"%s\" has id %d, but"
                                .formatted(wrong.get(0).asString(), wrong.get(1).asInt()))
                .hasMessageContaining("numbers it %d;".formatted(wrong.get(2).asInt()));
    }

    private void write(Case each) {
        each.json
                .path("files")
                .propertyStream()
                .forEach(file ->
                        AtomicFiles.writeString(
                                folder.resolve(file.getKey()), file.getValue().toString()));
    }

    private static int[] ids(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
