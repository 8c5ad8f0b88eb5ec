package dev.cairn.tensor;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides when a new process computes in plain loops instead of vectors. Vector code that is not
 * compiled yet allocates an object for every vector and is about a thousand times slower than
 * compiled code, and compiling it takes more than a second. A plain loop is compiled soon and is
 * some twenty times slower than compiled vector code. A process that may end soon therefore starts
 * with loops. They give the same bits, so no result depends on when it switches.
 */
public final class ColdStart {
    /**
     * Total work for which loops pay off, in multiply-adds or operations that take as long. For
     * more work, vectors are better from the start; docs/decisions/0012-cold-start.md has the
     * figures.
     */
    static final long MAX_STEPS = 1L << 28;

    /** Zero unless {@link #begin} was called. */
    private static final AtomicLong STEPS_LEFT = new AtomicLong();

    private ColdStart() {}

    /** Makes kernels compute in loops from now on, until they have done a fixed amount of work. */
    public static void begin() {
        STEPS_LEFT.set(MAX_STEPS);
    }

    /**
     * Whether a kernel should compute in loops.
     *
     * @param steps work of the call, in multiply-adds or values moved
     */
    public static boolean usesLoops(long steps) {
        return STEPS_LEFT.get() > 0 && STEPS_LEFT.getAndAdd(-steps) > 0;
    }
}
