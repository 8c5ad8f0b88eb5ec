package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.LoraAdapter;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A base with a chat template and several tokens that end a text, as chat models have them. */
class ChatBaseTest {
    private static final String TEMPLATE =
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}|{% endfor %}"
                    + "{% if add_generation_prompt %}<assistant>{% endif %}";

    @TempDir private static Path shared;
    private static Path base;

    @BeforeAll
    static void pretrain() {
        base = TinyBase.in(shared);
    }

    /** An adapter's bytes follow from the tokens it learnt: the same end, the same bytes. */
    @Test
    void aStageLearnsToEndWithTheTokenTheTokenizerMeans(@TempDir Path temp) throws IOException {
        String second = adapter(chat(temp.resolve("a"), "[0, 7]", token(7)));

        assertThat(adapter(chat(temp.resolve("b"), "[7, 0]", null))).isEqualTo(second);
        assertThat(adapter(chat(temp.resolve("c"), "[0, 7]", null))).isNotEqualTo(second);
        assertThat(adapter(chat(temp.resolve("d"), "[7]", token(0)))).isEqualTo(second);
    }

    @Test
    void theTraceShowsTheConversationAsTheModelReadIt(@TempDir Path temp) throws IOException {
        Path stack = chat(temp, "[0, 7]", token(7));
        assertThat(cairn("train", stack).status()).isZero();

        JsonNode trace = JsonMapper.shared().readTree(cairn("run", stack, "Hi", "--json").out());

        assertThat(trace.path("stages").get(0).path("prompt").asString())
                .isEqualTo("<system>Be brief.|<user>Hi|<assistant>");
    }

    /** Llama 3's template writes the date: a run that goes on tomorrow must see that of today. */
    @Test
    void aRunThatGoesOnKeepsTheDateItBeganWith(@TempDir Path temp) throws IOException {
        Path stack = chat(temp, "[0]", null);
        TinyBase.write(
                temp.resolve("base/chat_template.jinja"),
                "{{ strftime_now('%d %b %Y') }}" + TEMPLATE);
        assertThat(cairn("train", stack).status()).isZero();
        Path started = temp.resolve("adapters/started");
        assertThat(cairn("train", stack, "--resume").status()).isZero();

        Files.writeString(started, "2020-02-29T12:00:00Z[UTC]");
        assertThat(cairn("train", stack, "--resume").err()).contains("examples to train on");

        Files.writeString(started, "yesterday");
        assertThat(cairn("train", stack, "--resume").err())
                .contains(
                        started + ": expected the time at which training began, found 'yesterday'");
    }

    private static String token(int id) {
        JsonNode vocabulary =
                JsonMapper.shared()
                        .readTree(base.resolve("tokenizer.json"))
                        .path("model")
                        .path("vocab");
        return vocabulary.properties().stream()
                .filter(e -> e.getValue().asInt() == id)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static String adapter(Path stack) throws IOException {
        Cli.Result result = cairn("train", stack);
        assertThat(result.status()).as(result.err()).isZero();
        return LoraAdapter.digest(stack.resolveSibling("adapters/answer"));
    }

    /** A stack of one stage whose prompt is a conversation, on a copy of the base. */
    private static Path chat(Path folder, String ends, @Nullable String eos) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("base"));
        try (Stream<Path> files = Files.list(base)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        TinyBase.write(copy.resolve("chat_template.jinja"), TEMPLATE);
        TinyBase.write(copy.resolve("generation_config.json"), "{\"eos_token_id\": " + ends + "}");
        TinyBase.write(
                copy.resolve("tokenizer_config.json"),
                JsonMapper.shared().createObjectNode().put("eos_token", eos).toString());
        assertThat(Tokenizer.load(copy).eosId(copy).isPresent()).isEqualTo(eos != null);
        return TinyBase.write(
                folder.resolve("stack.yaml"),
                """
                name: chat
                base_model: base
                output_dir: adapters
                data: {stories: {seed: 3, count: 12}}
                training: {lora_r: 2, sequence_len: 128, num_epochs: 1, val_set_size: 2}
                decoding: {max_new_tokens: 8}
                stages:
                  - name: answer
                    prompt: [{system: Be brief.}, {user: "{{input}}"}]
                """);
    }
}
