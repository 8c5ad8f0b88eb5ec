package dev.cairn.stack;

import java.nio.file.Path;

/** Where the questions a stack is trained on come from. */
public sealed interface DataConfig {
    /** A question set on disk: a file, or a folder of files. */
    record Files(Path path) implements DataConfig {}

    /**
     * Questions of the bundled generator.
     *
     * @param seed decides the stories
     * @param count how many
     */
    record Stories(long seed, int count) implements DataConfig {}
}
