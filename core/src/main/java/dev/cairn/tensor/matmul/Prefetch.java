package dev.cairn.tensor.matmul;

/**
 * Prefetches weights from memory into the second-level cache. During arithmetic on several rows of
 * inputs a processor cannot run ahead to the next weights, so it would wait for each line of them.
 * Here it only reads, in four forward streams, at the memory's full rate.
 */
final class Prefetch {
    /** Bytes of a cache line, or of part of one. */
    private static final int LINE = 64;

    private Prefetch() {}

    /** Reads a byte of every line; the return value has no meaning. */
    static int lines(byte[] w, int at, int bytes) {
        int quarter = bytes / 4;
        int sum = 0;
        for (int i = at; i < at + quarter; i += LINE) {
            sum += w[i] + w[i + quarter] + w[i + 2 * quarter] + w[i + 3 * quarter];
        }
        return sum;
    }
}
