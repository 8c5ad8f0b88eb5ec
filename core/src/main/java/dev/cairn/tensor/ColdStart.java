package dev.cairn.tensor;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that has just begun. Vector code that is not compiled yet makes an object of every
 * vector and is about a thousand times slower than compiled, and compiling it takes more than a
 * second; a plain loop is compiled soon and some twenty times slower than vectors. So a process
 * that may be over soon computes in loops at first, which give the same bits: nothing that is
 * computed depends on when it changes over.
 */
public final class ColdStart {
    /**
     * Multiply-adds, or what takes as long as one, that loops are good for. More had better be
     * vectors at once; docs/decisions/0012-cold-start.md has the figures.
     */
    static final long MAX_STEPS = 1L << 28;

    /** None in a process that did not say that it has just begun. */
    private static final AtomicLong STEPS_LEFT = new AtomicLong();

    private ColdStart() {}

    /** Kernels compute in loops from now on, until that has been much work. */
    public static void begin() {
        STEPS_LEFT.set(MAX_STEPS);
    }

    /**
     * Whether a kernel is to compute in loops.
     *
     * @param steps that these will take: multiply-adds, values moved
     */
    public static boolean usesLoops(long steps) {
        return STEPS_LEFT.get() > 0 && STEPS_LEFT.getAndAdd(-steps) > 0;
    }
}
