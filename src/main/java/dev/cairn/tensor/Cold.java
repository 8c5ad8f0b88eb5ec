package dev.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * A process that has just begun. Vector code that is not compiled yet makes an object of every
 * vector and is about a thousand times slower than compiled; a plain loop is some ten times slower.
 * So while one thread runs the vector kernels until they are compiled, all others compute in loops,
 * which give the same bits: nothing that is computed depends on how far the compiler came.
 */
public final class Cold {
    private static volatile @Nullable Thread warming;

    private Cold() {}

    /** From now on the calling thread alone uses vectors. */
    public static void begin() {
        warming = Thread.currentThread();
    }

    /** From now on all threads use vectors. */
    public static void end() {
        warming = null;
    }

    /** Whether the calling thread is to use loops. */
    static boolean usesLoops() {
        Thread thread = warming;
        return thread != null && thread != Thread.currentThread();
    }
}
