package dev.cairn.eval.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sources of the bundled tasks. */
final class TaskFiles {
    static final Path FOLDER = Path.of("core/src/main/resources/dev/cairn/eval/task/tasks");

    private TaskFiles() {}

    static String bundled(String name) {
        try {
            return Files.readString(FOLDER.resolve(name + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
