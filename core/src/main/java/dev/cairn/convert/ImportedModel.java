package dev.cairn.convert;

import dev.cairn.CairnException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the model of a GGUF file as a Hugging Face directory. */
public final class ImportedModel {
    private ImportedModel() {}

    /**
     * Writes the model. F32, F16 and BF16 stay as they are; all other types become F32.
     *
     * @param file the GGUF file, or any of the parts of one
     * @param output a folder that is empty or does not exist yet
     * @throws dev.cairn.CairnException when the folder is not empty, or the file is damaged or
     *     holds something that Cairn does not know
     */
    public static void write(Path file, Path output) {
        if (Files.isDirectory(file)) {
            throw new CairnException(file + ": is a folder; expected a GGUF file");
        }
        FusedModel.write(file, null, output);
    }
}
