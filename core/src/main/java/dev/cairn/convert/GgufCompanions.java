package dev.cairn.convert;

import dev.cairn.model.gguf.GgufModel;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.tokenizer.ggml.VocabularyKeys;
import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/** The files that a Hugging Face directory has besides its weights, from a GGUF file's metadata. */
final class GgufCompanions {
    private GgufCompanions() {}

    /** Writes the settings and the tokenizer. */
    static void write(Path file, Path directory) {
        VocabularyKeys.read(file).writeTo(directory, file);
        writeConfig(file, directory);
    }

    /** Writes {@code config.json} and {@code generation_config.json}. */
    static void writeConfig(Path file, Path directory) {
        try (GgufModel model = GgufModel.open(file)) {
            write(directory.resolve("config.json"), model.configJson());
            write(directory.resolve("generation_config.json"), model.generationConfigJson());
        }
    }

    private static void write(Path file, ObjectNode json) {
        AtomicFiles.writeString(file, json.toPrettyString() + "\n");
    }
}
