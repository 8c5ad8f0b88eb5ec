package dev.cairn.convert;

import dev.cairn.text.tokenizer.ggml.GgmlVocabulary;
import dev.cairn.text.tokenizer.ggml.VocabularyKeys;
import dev.cairn.format.Gguf;
import java.nio.file.Path;

/** Writes the model of a GGUF file as a Hugging Face directory. */
public final class ImportedModel {
    private ImportedModel() {}

    /**
     * Writes the model.
     *
     * @param file the GGUF file
     * @param output a folder that is empty or does not exist yet
     * @throws dev.cairn.CairnException when the folder is not empty, or the file is damaged or
     *     holds something that Cairn does not know
     */
    public static void write(Path file, Path output) {
        try (Gguf gguf = Gguf.open(file)) {
            GgmlVocabulary vocabulary = VocabularyKeys.read(gguf);
            OutputFolder.fill(
                    output,
                    () -> {
                        vocabulary.writeTo(output, file);
                        GgufImport.write(gguf, vocabulary.tokens().size(), output);
                    });
        }
    }
}
