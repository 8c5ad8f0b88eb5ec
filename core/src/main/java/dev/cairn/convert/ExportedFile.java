package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.format.GgmlType;
import java.nio.file.Files;
import java.nio.file.Path;

/** The name of a file that an export writes. */
final class ExportedFile {
    private static final String ENDING = ".gguf";

    private ExportedFile() {}

    /**
     * The file itself, or one in a folder with the model's name and type.
     *
     * @throws CairnException when it exists already
     */
    static Path of(Path output, String name, GgmlType type) {
        Path file =
                output.toString().endsWith(ENDING)
                        ? output
                        : output.resolve(name + "-" + type + ENDING);
        if (Files.exists(file)) {
            throw new CairnException(file + ": exists already; choose another name, or delete it")
                    .suggesting("output");
        }
        return file;
    }
}
