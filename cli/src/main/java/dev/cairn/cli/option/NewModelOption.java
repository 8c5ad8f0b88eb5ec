package dev.cairn.cli.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --output} of the verbs that write a model directory. */
public final class NewModelOption {
    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the model; must be new or empty.")
    private Path directory = Path.of("");

    public Path directory() {
        return directory;
    }
}
