package dev.cairn.cli.option;

import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --output} of the verbs that open a trained stack. */
public final class AdaptersOption {
    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Where the adapters of the only stack are, instead of the YAML's output_dir.")
    private @Nullable Path directory;

    /** The folder, where one is named. */
    public @Nullable Path directory() {
        return directory;
    }

    /** Where the adapters of a stack are. */
    public Path of(StackConfig stack) {
        return directory != null ? directory : stack.outputDir();
    }
}
