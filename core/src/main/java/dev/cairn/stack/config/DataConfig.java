package dev.cairn.stack.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the questions a stack is trained on come from. */
public sealed interface DataConfig {
    /** All questions of a file, or of a folder of files. */
    static DataConfig files(Path path) {
        return new Files(path, null);
    }

    /** So many questions of a file or folder, chosen at random. */
    static DataConfig sample(Path path, int count, long seed) {
        return new Files(path, new Sample(count, seed));
    }

    /** So many questions of the bundled generator. */
    static DataConfig stories(long seed, int count) {
        return new Stories(seed, count);
    }

    /**
     * A question set on disk.
     *
     * @param path a file, or a folder of files
     * @param sample which of its questions; null for all
     */
    record Files(Path path, @Nullable Sample sample) implements DataConfig {}

    /**
     * Questions chosen at random.
     *
     * @param count how many
     * @param seed decides which
     */
    record Sample(int count, long seed) {}

    /**
     * Questions of the bundled generator.
     *
     * @param seed decides the stories
     * @param count how many
     */
    record Stories(long seed, int count) implements DataConfig {}
}
