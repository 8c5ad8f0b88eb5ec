package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.ChatTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokenizers and chat templates straight from GGUF files. */
class GgufTokenizerTest {
    private static final Path GOLDENS = Path.of("core/src/test/resources/goldens/gguf");

    @TempDir private Path directory;

    /** The tokens in the JSON files are llama.cpp's. */
    @ParameterizedTest
    @ValueSource(
            strings = {"llama-q8_0", "qwen2-q4_0", "granite3", "granite4", "smollm3", "gemma3"})
    void textBecomesTheTokensThatLlamaCppMakes(String name) {
        Tokenizer tokenizer = Tokenizer.load(GOLDENS.resolve(name + ".gguf"));

        for (JsonNode one :
                JsonMapper.shared().readTree(GOLDENS.resolve(name + ".json").toFile())) {
            int[] tokens = one.path("tokens").valueStream().mapToInt(JsonNode::asInt).toArray();
            assertThat(tokenizer.encode(one.path("text").asString())).isEqualTo(tokens);
        }
    }

    @Test
    void specialTokensAreThoseOfTheFile() {
        Path file = GOLDENS.resolve("llama-q8_0.gguf");
        Tokenizer tokenizer = Tokenizer.load(file);

        assertThat(tokenizer.bosId(file)).hasValue(1);
        assertThat(tokenizer.eosId(file)).hasValue(2);
        assertThat(ChatTemplateFiles.read(file).specialTokens())
                .containsEntry("bos_token", "<s>")
                .containsEntry("unk_token", "<unk>");
        assertThat(tokenizer.decode(new int[] {1, 262, 2})).isEqualTo("the");
        assertThat(tokenizer.bytes(1)).isEqualTo("<s>".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anyPartOfAModelHasItsTokenizerAndItsTemplate() {
        Path last = GOLDENS.resolve("mixed-00003-of-00003.gguf");

        assertThat(Tokenizer.load(last).encode("then<|im_end|>")).containsExactly(258, 77, 261);
        assertThat(
                        ChatTemplate.load(last)
                                .orElseThrow()
                                .render(List.of(new ChatMessage("user", "hello")), true))
                .isEqualTo("hello");
    }

    @Test
    void aFileIsKnownByItsContentToo() throws Exception {
        Path blob = directory.resolve("sha256-1234");
        Files.copy(GOLDENS.resolve("qwen2-q4_0.gguf"), blob);

        assertThat(Tokenizer.load(blob).tokenId("<|im_end|>")).hasValue(263);
        assertThat(ChatTemplate.load(blob)).isPresent();
    }

    @Test
    void aDamagedVocabularyIsNamed() throws Exception {
        Path file = directory.resolve("model.gguf");
        byte[] bytes = Files.readAllBytes(GOLDENS.resolve("qwen2-q4_0.gguf"));
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        Files.writeString(
                file,
                all.replace("\u0005\0\0\0\0\0\0\0qwen2", "\u0005\0\0\0\0\0\0\0qwen9"),
                StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Tokenizer.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ": key 'tokenizer.ggml.pre': expected one of ")
                .hasMessageEndingWith("found 'qwen9'");
    }
}
