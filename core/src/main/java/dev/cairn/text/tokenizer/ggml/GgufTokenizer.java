package dev.cairn.text.tokenizer.ggml;

import dev.cairn.format.Gguf;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** The tokenizer of a GGUF file, as the files that Hugging Face's libraries read. */
public final class GgufTokenizer {
    private GgufTokenizer() {}

    /**
     * The text of the file's {@code tokenizer.json}.
     *
     * @throws dev.cairn.CairnException naming the file and the key when the vocabulary is damaged,
     *     or Cairn does not know its pre-tokenizer
     */
    public static String tokenizerJson(Path file) {
        return new GgmlVocabularyWriter(VocabularyKeys.read(file), file).tokenizerJson();
    }

    /**
     * The file's {@code tokenizer_config.json}: the special tokens and the chat template.
     *
     * @throws dev.cairn.CairnException naming the file and the key that is damaged
     */
    public static JsonNode configJson(Path file) {
        try (Gguf gguf = Gguf.openMetadata(file)) {
            return TokenizerConfigJson.of(gguf);
        }
    }
}
