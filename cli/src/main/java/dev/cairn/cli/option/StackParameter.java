package dev.cairn.cli.option;

import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The stack of the verbs that work on one. */
public final class StackParameter {
    @Parameters(index = "0", paramLabel = "STACK.yaml", description = "The stack.")
    private Path file = Path.of("");

    public StackConfig load() {
        return NamedModels.stack(file);
    }
}
