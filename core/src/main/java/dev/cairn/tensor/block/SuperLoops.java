package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.coldHalf;
import static dev.cairn.tensor.block.BlockBytes.coldInt32;
import static dev.cairn.tensor.block.BlockVectors.FEW_LANES;
import static dev.cairn.tensor.block.BlockVectors.LANES;

import java.util.Arrays;

/**
 * The twin of {@link SuperProducts} in loops, with the same bits. As in {@link LegacyLoops}, a row
 * is computed in small passes: over its nibbles as ints, 32 per block, of which each has eight.
 * Buffers of one thread.
 */
final class SuperLoops {
    /** Ints with nibbles per block. */
    static final int WORDS = 32;

    /**
     * The lanes of a word's low nibbles and of its high ones are multiplied with one scale each.
     */
    private record Scales(int[] low, int[] high) {
        static Scales of(NibbleOrder order, int numbers) {
            int[] low = new int[WORDS];
            int[] high = new int[WORDS];
            for (int word = 0; word < WORDS; word++) {
                low[word] = order.number[BlockInput.arranged(word, 0)] / numbers;
                high[word] = order.number[BlockInput.arranged(word, 1)] / numbers;
            }
            return new Scales(low, high);
        }
    }

    private static final Scales OF_32 = Scales.of(NibbleOrder.OF_32, 32);
    private static final Scales OF_16 = Scales.of(NibbleOrder.OF_64, 16);

    private int[] nibbles = new int[0];

    /**
     * What comes above a word's nibbles: per byte, bits for the low nibble and for the high one.
     */
    private int[] above = new int[0];

    /** Per word, the sum of the products of its low nibbles, and of its high ones. */
    private float[] low = new float[0];

    private float[] high = new float[0];
    private final float[] scales = new float[16];

    /**
     * Multiplies a row.
     *
     * @param at where the row begins
     * @param x in order for loops
     * @param to where the row's vector of lanes begins
     */
    void row(
            BlockFormat format,
            byte[] rows,
            int at,
            int blocks,
            BlockInput x,
            float[] lanes,
            int to) {
        int n = blocks * WORDS;
        reserve(n);
        Arrays.fill(low, 0, n, 0);
        Arrays.fill(high, 0, n, 0);
        for (int b = 0; b < blocks; b++) {
            words(format, rows, at + b * format.bytes(), b * WORDS);
        }
        for (int k = 0; k < 4; k++) {
            multiply(format, 8 * k, x.words[2 * k], x.words[2 * k + 1], n);
        }
        Arrays.fill(lanes, to, to + LANES, 0);
        for (int b = 0; b < blocks; b++) {
            ofScales(format, rows, at + b * format.bytes(), b, x.sums, lanes, to);
        }
        for (int b = 0; b < blocks; b++) {
            addUp(format, rows, at + b * format.bytes(), b * WORDS, lanes, to);
        }
    }

    private void reserve(int n) {
        if (nibbles.length < n) {
            nibbles = new int[n];
            above = new int[n];
            low = new float[n];
            high = new float[n];
        }
    }

    /** Reads the words of a block. */
    private void words(BlockFormat format, byte[] rows, int block, int to) {
        int at = block + nibblesAt(format);
        for (int i = 0; i < WORDS; i++) {
            nibbles[to + i] = coldInt32(rows, at + 4 * i);
        }
        if (format == BlockFormat.Q5_K) {
            for (int i = 0; i < WORDS; i++) {
                above[to + i] = coldInt32(rows, block + 16 + 4 * (i % 8)) >>> i / 8 * 2;
            }
        } else if (format == BlockFormat.Q6_K) {
            for (int i = 0; i < WORDS; i++) {
                int from = block + 128 + i / 16 * 32 + 4 * (i % 8);
                above[to + i] = coldInt32(rows, from) >>> i % 16 / 8 * 2;
            }
        }
    }

    /** Where in a block its nibbles begin. */
    private static int nibblesAt(BlockFormat format) {
        return switch (format) {
            case Q4_K -> 16;
            case Q5_K -> 48;
            case Q6_K -> 0;
            default -> throw new IllegalArgumentException(format + " has no products");
        };
    }

    /** Adds the products of one byte of every word. */
    private void multiply(BlockFormat format, int shift, float[] lows, float[] highs, int n) {
        switch (format) {
            case Q4_K -> {
                fourBits(nibbles, shift, lows, low, n);
                fourBits(nibbles, shift + 4, highs, high, n);
            }
            case Q5_K -> {
                fiveBits(nibbles, shift, above, shift, lows, low, n);
                fiveBits(nibbles, shift + 4, above, shift + 1, highs, high, n);
            }
            default -> {
                sixBits(nibbles, shift, above, shift, lows, low, n);
                sixBits(nibbles, shift + 4, above, shift + 4, highs, high, n);
            }
        }
    }

    /** Integers are too large by 16, as {@link SuperProducts} has them. */
    private static void fourBits(int[] words, int shift, float[] x, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            sums[i] = Math.fma((float) (words[i] >>> shift & 15 | 16), x[i], sums[i]);
        }
    }

    private static void fiveBits(
            int[] words, int shift, int[] above, int up, float[] x, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            int number = words[i] >>> shift & 15 | (above[i] >>> up & 1) << 4 | 32;
            sums[i] = Math.fma((float) number, x[i], sums[i]);
        }
    }

    private static void sixBits(
            int[] words, int shift, int[] above, int up, float[] x, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            int number = words[i] >>> shift & 15 | (above[i] >>> up & 3) << 4 | 64;
            sums[i] = Math.fma((float) number, x[i], sums[i]);
        }
    }

    /** What scales and minima alone contribute; see {@link SuperScales}. */
    private static void ofScales(
            BlockFormat format, byte[] rows, int block, int b, float[] xs, float[] lanes, int to) {
        int count = format == BlockFormat.Q6_K ? 16 : 8;
        for (int i = 0; i < count; i++) {
            int lane = to + i % FEW_LANES;
            lanes[lane] = Math.fma(scale(format, rows, block, i), xs[16 * b + i], lanes[lane]);
            if (format.hasMins()) {
                float min = -coldHalf(rows, block + 2) * SuperBlocks.minimum(rows, block + 4, i);
                lanes[lane] = Math.fma(min, xs[16 * b + 8 + i], lanes[lane]);
            }
        }
    }

    private static float scale(BlockFormat format, byte[] rows, int block, int group) {
        return format == BlockFormat.Q6_K
                ? coldHalf(rows, block + 208) * rows[block + 192 + group]
                : coldHalf(rows, block) * SuperBlocks.scale(rows, block + 4, group);
    }

    /**
     * Adds up what belongs to a lane, every word with the scale of its low and its high nibbles.
     */
    private void addUp(
            BlockFormat format, byte[] rows, int block, int from, float[] lanes, int to) {
        boolean isSix = format == BlockFormat.Q6_K;
        for (int i = 0; i < (isSix ? 16 : 8); i++) {
            scales[i] = scale(format, rows, block, i);
        }
        Scales of = isSix ? OF_16 : OF_32;
        for (int first = 0; first < WORDS; first += LANES) {
            for (int lane = 0; lane < LANES; lane++) {
                int word = first + lane;
                float sum = Math.fma(low[from + word], scales[of.low[word]], lanes[to + lane]);
                lanes[to + lane] = Math.fma(high[from + word], scales[of.high[word]], sum);
            }
        }
    }
}
