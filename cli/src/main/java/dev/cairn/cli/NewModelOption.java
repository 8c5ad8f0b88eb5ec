package dev.cairn.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --output} of the verbs that write a model directory. */
final class NewModelOption {
    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the model; must be new or empty.")
    private Path directory = Path.of("");

    Path directory() {
        return directory;
    }
}
