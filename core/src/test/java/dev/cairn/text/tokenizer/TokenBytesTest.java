package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBytesTest {
    private static final String TEXT = "Hello  world, naïve café 🐄\n\tx = 1;  नमस्ते";

    @TempDir private Path folder;

    /** Every tokenizer at hand: what the tokens of a text stand for, together, is the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "models/pebble",
                "core/src/test/resources/gpt-neox-20b",
                "core/src/test/resources/stories260K"
            })
    void theBytesOfTheTokensAreThoseOfTheText(String directory) {
        Tokenizer tokenizer = Tokenizer.load(Path.of(directory));
        StringBuilder latin = new StringBuilder();
        for (int id : tokenizer.encode(TEXT)) {
            latin.append(new String(tokenizer.bytes(id), StandardCharsets.ISO_8859_1));
        }
        byte[] bytes = latin.toString().getBytes(StandardCharsets.ISO_8859_1);
        // A tokenizer of pieces writes the space that begins a text.
        assertThat(new String(bytes, StandardCharsets.UTF_8)).isIn(TEXT, " " + TEXT);
    }

    @Test
    void aSpecialTokenIsItsSpellingAndAnIdWithoutTokenNothing() {
        BpeTrainer.of(257, List.of(BpeTrainer.END_OF_TEXT)).train().writeTo(folder);
        Tokenizer tokenizer = Tokenizer.load(folder);
        assertThat(tokenizer.bytes(0)).asString(StandardCharsets.UTF_8).isEqualTo("<|endoftext|>");
        assertThat(tokenizer.bytes(257)).isEmpty();
        assertThat(tokenizer.bytes(-1)).isEmpty();
    }
}
