package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.coldHalf;
import static dev.cairn.tensor.block.BlockBytes.coldInt32;
import static dev.cairn.tensor.block.BlockVectors.LANES;

import java.util.Arrays;

/**
 * The twin of {@link LegacyProducts} in loops, with the same bits. A row is computed in passes over
 * arrays that hold a number per block and lane, which the compiler turns into vectors by itself
 * where a pass is small: so they are fast as soon as they are compiled, and they are compiled soon.
 * Buffers of one thread.
 */
final class LegacyLoops {
    private static final int SIZE = 32;
    private static final int HALF = 16;

    /** Bytes of half a block that share a lane. */
    static final int DEEP = HALF / LANES;

    /** Per block and lane, the lane's bytes of a block's first 16, or of all nibbles. */
    private int[] first = new int[0];

    /** The same of the second 16 bytes, or the fifth bits: of nibble s, bit s. */
    private int[] second = new int[0];

    /** Per block and lane, the sum of the products so far. */
    private float[] sums = new float[0];

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
        int apart = format.bytes();
        int n = blocks * LANES;
        reserve(n);
        Arrays.fill(sums, 0, n, 0);
        int skip = format.hasMins() ? 4 : 2;
        switch (format) {
            case Q4_0, Q4_1 -> {
                gather(rows, at + skip, apart, blocks, first);
                for (int k = 0; k < DEEP; k++) {
                    nibbles(first, 8 * k, x.low[k], x.high[k], sums, n);
                }
            }
            case Q5_0, Q5_1 -> {
                gather(rows, at + skip + 4, apart, blocks, first);
                gatherFifths(rows, at + skip, apart, blocks, second);
                for (int k = 0; k < DEEP; k++) {
                    fiveBits(first, 8 * k, second, 2 * k, x.low[k], x.high[k], sums, n);
                }
            }
            case Q8_0 -> {
                gather(rows, at + skip, apart, blocks, first);
                gather(rows, at + skip + HALF, apart, blocks, second);
                for (int k = 0; k < DEEP; k++) {
                    bytes(first, second, 24 - 8 * k, x.low[k], x.high[k], sums, n);
                }
            }
            default -> throw new IllegalArgumentException(format + " has no products");
        }
        scale(rows, at, apart, blocks, lanes, to);
        if (format != BlockFormat.Q8_0) {
            lanes[to] += minimum(rows, at + skip - 2, apart, blocks, x.sums);
        }
    }

    private void reserve(int n) {
        if (first.length < n) {
            first = new int[n];
            second = new int[n];
            sums = new float[n];
        }
    }

    /** Collects the bytes of each lane from 16 bytes of every block. */
    private static void gather(byte[] rows, int at, int apart, int blocks, int[] to) {
        for (int b = 0; b < blocks; b++) {
            int from = at + b * apart;
            for (int lane = 0; lane < LANES; lane++) {
                int bytes = 0;
                for (int k = 0; k < DEEP; k++) {
                    bytes |= (rows[from + k * LANES + lane] & 0xFF) << 8 * k;
                }
                to[b * LANES + lane] = bytes;
            }
        }
    }

    private static void gatherFifths(byte[] rows, int at, int apart, int blocks, int[] to) {
        for (int b = 0; b < blocks; b++) {
            int fifths = coldInt32(rows, at + b * apart);
            for (int lane = 0; lane < LANES; lane++) {
                int bits = 0;
                for (int k = 0; k < DEEP; k++) {
                    int i = k * LANES + lane;
                    bits |= (fifths >>> i & 1) << 2 * k | (fifths >>> HALF + i & 1) << 2 * k + 1;
                }
                to[b * LANES + lane] = bits;
            }
        }
    }

    private static void nibbles(
            int[] pairs, int shift, float[] low, float[] high, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            int pair = pairs[i] >>> shift;
            float sum = Math.fma((float) (pair & 15), low[i], sums[i]);
            sums[i] = Math.fma((float) (pair >>> 4 & 15), high[i], sum);
        }
    }

    private static void fiveBits(
            int[] pairs,
            int shift,
            int[] fifths,
            int fifthShift,
            float[] low,
            float[] high,
            float[] sums,
            int n) {
        for (int i = 0; i < n; i++) {
            int pair = pairs[i] >>> shift;
            int fifth = fifths[i] >>> fifthShift << 4;
            float sum = Math.fma((float) (pair & 15 | fifth & 16), low[i], sums[i]);
            sums[i] = Math.fma((float) (pair >>> 4 & 15 | fifth >>> 1 & 16), high[i], sum);
        }
    }

    private static void bytes(
            int[] first, int[] second, int shift, float[] low, float[] high, float[] sums, int n) {
        for (int i = 0; i < n; i++) {
            float sum = Math.fma((float) (first[i] << shift >> 24), low[i], sums[i]);
            sums[i] = Math.fma((float) (second[i] << shift >> 24), high[i], sum);
        }
    }

    /** Adds up what belongs to a lane, every block with its scale. */
    private void scale(byte[] rows, int at, int apart, int blocks, float[] lanes, int to) {
        Arrays.fill(lanes, to, to + LANES, 0);
        for (int b = 0; b < blocks; b++) {
            float scale = coldHalf(rows, at + b * apart);
            for (int lane = 0; lane < LANES; lane++) {
                lanes[to + lane] = Math.fma(sums[b * LANES + lane], scale, lanes[to + lane]);
            }
        }
    }

    private static float minimum(byte[] rows, int at, int apart, int blocks, float[] xs) {
        float sum = 0;
        for (int b = 0; b < blocks; b++) {
            sum = Math.fma(coldHalf(rows, at + b * apart), xs[b], sum);
        }
        return sum;
    }
}
