package dev.cairn.tensor.matmul;

/**
 * Brings weights from memory into the second-level cache. Arithmetic on several rows of inputs
 * leaves a processor no room to look ahead to the next weights, so it would wait for each line of
 * them; here it has nothing else to do and reads at the memory's rate, in four forward streams.
 */
final class Prefetch {
    /** Bytes of a cache line, or of a part of one. */
    private static final int LINE = 64;

    private Prefetch() {}

    /** Reads a byte of every line; what is returned means nothing. */
    static int lines(byte[] w, int at, int bytes) {
        int quarter = bytes / 4;
        int sum = 0;
        for (int i = at; i < at + quarter; i += LINE) {
            sum += w[i] + w[i + quarter] + w[i + 2 * quarter] + w[i + 3 * quarter];
        }
        return sum;
    }
}
