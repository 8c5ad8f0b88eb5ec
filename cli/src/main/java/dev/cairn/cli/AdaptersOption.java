package dev.cairn.cli;

import dev.cairn.stack.StackConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --output} of the verbs that open a trained stack. */
final class AdaptersOption {
    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Where the adapters are, instead of the YAML's output_dir; for one stack.")
    private @Nullable Path directory;

    /** The folder, where one is named. */
    @Nullable Path directory() {
        return directory;
    }

    /** Where the adapters of a stack are. */
    Path of(StackConfig stack) {
        return directory != null ? directory : stack.outputDir();
    }
}
