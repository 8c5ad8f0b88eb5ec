package dev.cairn.text.tokenizer.ggml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.format.Gguf;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A published vocabulary, with llama.cpp's own test texts and what they become there. */
class VocabularyKeysTest {
    private static final String GPT2 = "../shared/data/tokenizers/gpt2/ggml-vocab-gpt-2.gguf";
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @TempDir Path directory;

    @Test
    void aPublishedVocabularyGivesTheTokensOfLlamaCpp() throws IOException {
        Path file = Path.of(GPT2);
        assumeTrue(Files.exists(file), "lacks llama.cpp's GPT-2 vocabulary: " + file);
        try (Gguf gguf = Gguf.open(file)) {
            VocabularyKeys.read(gguf).writeTo(directory, file);
        }
        Tokenizer tokenizer = Tokenizer.load(directory);
        String[] texts = Files.readString(Path.of(GPT2 + ".inp")).split(SEPARATOR, -1);
        String[] expected = Files.readString(Path.of(GPT2 + ".out")).split("\n", -1);

        assertThat(texts).hasSizeGreaterThan(40);
        for (int i = 0; i < texts.length; i++) {
            int[] tokens =
                    Arrays.stream(expected[i].strip().split(" "))
                            .filter(id -> !id.isEmpty())
                            .mapToInt(Integer::parseInt)
                            .toArray();
            assertThat(tokenizer.encode(texts[i])).as("text %d", i).isEqualTo(tokens);
        }
    }
}
