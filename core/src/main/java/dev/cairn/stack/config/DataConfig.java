package dev.cairn.stack.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The source of a stack's training questions. */
public sealed interface DataConfig {
    /** All questions of a file, or of a folder of files. */
    static DataConfig files(Path path) {
        return new Files(path, null);
    }

    /** A random sample of {@code count} questions of a file or folder. */
    static DataConfig sample(Path path, int count, long seed) {
        return new Files(path, new Sample(count, seed));
    }

    /** This number of questions from the bundled generator. */
    static DataConfig stories(long seed, int count) {
        return new Stories(seed, count);
    }

    /**
     * A question set on disk.
     *
     * @param path a file, or a folder of files
     * @param sample the sample to use; null for all questions
     */
    record Files(Path path, @Nullable Sample sample) implements DataConfig {}

    /**
     * A random sample of questions.
     *
     * @param count number of questions
     * @param seed determines which ones
     */
    record Sample(int count, long seed) {}

    /**
     * Questions from the bundled generator.
     *
     * @param seed determines the stories
     * @param count number of questions
     */
    record Stories(long seed, int count) implements DataConfig {}
}
