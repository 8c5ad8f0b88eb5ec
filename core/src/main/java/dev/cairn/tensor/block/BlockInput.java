package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.LANES;

/**
 * One row of inputs as a format's products read it: in the order in which a vector of the format's
 * bytes brings its numbers to light, and with the sums that what integers do not say is multiplied
 * with: minima, and the integer that stands for zero. A buffer of one thread, used again and again.
 */
public final class BlockInput {
    private static final int SIZE = 256;

    float[] x = new float[0];

    /** Index of the first input in {@link #x}. */
    int at;

    /** Per block; what they are is said where they are made. */
    float[] sums = new float[0];

    /**
     * For {@link LegacyLoops}, per block and lane: what the lane's k-th byte of the first half of a
     * block is multiplied with, or that byte's low nibble.
     */
    final float[][] low = new float[LegacyLoops.DEEP][0];

    /** The same of the second half, or of high nibbles. */
    final float[][] high = new float[LegacyLoops.DEEP][0];

    /**
     * For {@link SuperLoops}, per nibble of a word, what that nibble of every word is multiplied
     * with.
     */
    final float[][] words = new float[8][0];

    private float[] own = new float[0];

    /**
     * Takes a row of inputs.
     *
     * @param n a multiple of the format's block
     */
    public void set(BlockFormat format, float[] x, int at, int n) {
        switch (format) {
            case Q4_K, Q5_K -> {
                arrange(x, at, n, NibbleOrder.OF_32);
                sumsWithMins(x, at, n, format == BlockFormat.Q4_K ? 16 : 32);
            }
            case Q6_K -> {
                arrange(x, at, n, NibbleOrder.OF_64);
                sums(x, at, n, 16, -96);
            }
            default -> {
                this.x = x;
                this.at = at;
                if (format != BlockFormat.Q8_0) {
                    sums(x, at, n, 32, format.hasMins() ? 1 : -format.zero());
                }
            }
        }
    }

    /**
     * Puts the inputs that were taken into the order in which loops read them.
     *
     * @param n as in {@link #set}
     */
    public void arrangeForLoops(BlockFormat format, int n) {
        if (format.size() == SIZE) {
            arrangeWords(n);
            return;
        }
        int half = format.size() / 2;
        for (int k = 0; k < LegacyLoops.DEEP; k++) {
            if (low[k].length < n / LegacyLoops.DEEP / 2) {
                low[k] = new float[n / LegacyLoops.DEEP / 2];
                high[k] = new float[n / LegacyLoops.DEEP / 2];
            }
            for (int b = 0; b < n / format.size(); b++) {
                int from = at + b * format.size() + k * LANES;
                System.arraycopy(x, from, low[k], b * LANES, LANES);
                System.arraycopy(x, from + half, high[k], b * LANES, LANES);
            }
        }
    }

    private void arrangeWords(int n) {
        for (int nibble = 0; nibble < words.length; nibble++) {
            if (words[nibble].length < n / words.length) {
                words[nibble] = new float[n / words.length];
            }
            for (int i = 0; i < n / words.length; i++) {
                int block = i / SuperLoops.WORDS * SIZE;
                words[nibble][i] = x[block + arranged(i % SuperLoops.WORDS, nibble)];
            }
        }
    }

    /** Where the input of a nibble of a super-block's word stands among those of the block. */
    static int arranged(int word, int nibble) {
        return word / LANES * 8 * LANES + nibble * LANES + word % LANES;
    }

    /** Sums of consecutive groups, times a factor. */
    private void sums(float[] x, int at, int n, int group, int factor) {
        reserve(n / group);
        for (int k = 0; k < n; k += group) {
            sums[k / group] = (float) (factor * sum(x, at + k, group));
        }
    }

    /**
     * Of every block, the sums of its eight groups times what their integers are too large by, then
     * the eight sums.
     */
    private void sumsWithMins(float[] x, int at, int n, int tooLargeBy) {
        reserve(n / 16);
        for (int k = 0; k < n; k += 32) {
            int to = k / SIZE * 16 + k % SIZE / 32;
            double sum = sum(x, at + k, 32);
            sums[to] = (float) (-tooLargeBy * sum);
            sums[to + 8] = (float) sum;
        }
    }

    private static double sum(float[] x, int at, int n) {
        double sum = 0;
        for (int i = at; i < at + n; i++) {
            sum += x[i];
        }
        return sum;
    }

    private void reserve(int count) {
        if (sums.length < count) {
            sums = new float[count];
        }
    }

    private void arrange(float[] x, int at, int n, NibbleOrder order) {
        if (own.length < n) {
            own = new float[n];
        }
        for (int k = 0; k < n; k += SIZE) {
            for (int i = 0; i < SIZE; i++) {
                own[k + i] = x[at + k + order.number[i]];
            }
        }
        this.x = own;
        this.at = 0;
    }
}
