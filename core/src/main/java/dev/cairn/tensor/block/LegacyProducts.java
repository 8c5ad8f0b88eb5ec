package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.int32;
import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.INTS;
import static dev.cairn.tensor.block.BlockVectors.LANES;
import static dev.cairn.tensor.block.BlockVectors.floats;
import static dev.cairn.tensor.block.BlockVectors.signed;
import static dev.cairn.tensor.block.BlockVectors.unsigned;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Products of two rows of blocks of 32 with one row of inputs, in floats: {@code Σ over blocks of
 * scale · Σ q·x + min · Σ x}, or with {@code −zero · scale} for the minimum. The rows are copied to
 * arrays first: what the compiler makes of a segment depends on what else the process has read from
 * segments.
 *
 * <p>Both kernels are too large for the compiler to inline.
 */
final class LegacyProducts {
    private static final int SIZE = 32;
    private static final int HALF = 16;

    private static final IntVector FIFTEEN = IntVector.broadcast(INTS, 15);
    private static final IntVector SIXTEEN = IntVector.broadcast(INTS, 16);

    /** How far bit 4 + i is from place 4. */
    private static final IntVector TO_FIFTH = IntVector.zero(INTS).addIndex(1);

    private LegacyProducts() {}

    static void q4Zero(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 18);
        groups(rows, blocks * 18, 18, 2, false, blocks, x, scratch.lanes);
    }

    static void q4One(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 20);
        groups(rows, blocks * 20, 20, 4, false, blocks, x, scratch.lanes);
    }

    static void q5Zero(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 22);
        groups(rows, blocks * 22, 22, 2, true, blocks, x, scratch.lanes);
    }

    static void q5One(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 24);
        groups(rows, blocks * 24, 24, 4, true, blocks, x, scratch.lanes);
    }

    /**
     * Adds the fifth bits to as many numbers as there are lanes.
     *
     * @param bits one per number, from bit 0 on
     */
    private static IntVector withFifths(IntVector numbers, int bits) {
        if (LANES == 16) {
            return numbers.lanewise(OR, SIXTEEN, VectorMask.fromLong(INTS, bits & 0xFFFF));
        }
        return numbers.or(
                IntVector.broadcast(INTS, bits << 4).lanewise(LSHR, TO_FIFTH).and(SIXTEEN));
    }

    /**
     * Four or five bits per number. The rows are computed one after the other: both at once need
     * more registers than there are.
     *
     * @param data two rows
     * @param toB start of the second
     * @param apart bytes per block
     * @param skip bytes of a scale, and with 4 of a minimum as well
     * @param hasFifths whether four bytes with fifth bits come before the nibbles
     * @param lanes receives a vector per row
     */
    private static void groups(
            byte[] data,
            int toB,
            int apart,
            int skip,
            boolean hasFifths,
            int groups,
            BlockInput input,
            float[] lanes) {
        float[] x = input.x;
        float[] sums = input.sums;
        for (int row = 0; row < 2; row++) {
            FloatVector sum = FloatVector.zero(FLOATS);
            float min = 0;
            for (int g = 0; g < groups; g++) {
                int from = row * toB + g * apart;
                int fifths = hasFifths ? int32(data, from + skip) : 0;
                FloatVector group = FloatVector.zero(FLOATS);
                for (int i = 0; i < HALF; i += LANES) {
                    IntVector pairs = unsigned(data, from + apart - HALF + i);
                    IntVector low = pairs.and(FIFTEEN);
                    IntVector high = pairs.lanewise(LSHR, 4);
                    if (hasFifths) {
                        low = withFifths(low, fifths >>> i);
                        high = withFifths(high, fifths >>> HALF + i);
                    }
                    int k = input.at + g * SIZE + i;
                    group = floats(low).fma(FloatVector.fromArray(FLOATS, x, k), group);
                    group = floats(high).fma(FloatVector.fromArray(FLOATS, x, k + HALF), group);
                }
                float scale = half(data, from);
                sum = group.fma(FloatVector.broadcast(FLOATS, scale), sum);
                min = Math.fma(skip == 2 ? scale : half(data, from + 2), sums[g], min);
            }
            sum.intoArray(lanes, row * LANES);
            lanes[row * LANES] += min;
        }
    }

    /**
     * Like {@link #groups} and {@link #q8Zero} for four rows of inputs, which share what is made of
     * the weights. Each has the bits it has alone.
     *
     * @param lanes receives, per row of weights, a vector per row of inputs
     */
    static void tile(
            BlockFormat format, byte[] data, int blocks, BlockInput[] inputs, float[] lanes) {
        int toB = blocks * format.bytes();
        for (int row = 0; row < 2; row++) {
            switch (format) {
                case Q4_0 -> groupsTile(data, row * toB, 18, 2, false, blocks, inputs, lanes, row);
                case Q4_1 -> groupsTile(data, row * toB, 20, 4, false, blocks, inputs, lanes, row);
                case Q5_0 -> groupsTile(data, row * toB, 22, 2, true, blocks, inputs, lanes, row);
                case Q5_1 -> groupsTile(data, row * toB, 24, 4, true, blocks, inputs, lanes, row);
                case Q8_0 -> bytesTile(data, row * toB, blocks, inputs, lanes, row);
                default -> throw new IllegalArgumentException(format + " has no tiles");
            }
            if (format != BlockFormat.Q8_0) {
                minima(data, row * toB, format, blocks, inputs, lanes, row);
            }
        }
    }

    private static void groupsTile(
            byte[] data,
            int first,
            int apart,
            int skip,
            boolean hasFifths,
            int groups,
            BlockInput[] inputs,
            float[] lanes,
            int row) {
        float[] x0 = inputs[0].x;
        float[] x1 = inputs[1].x;
        float[] x2 = inputs[2].x;
        float[] x3 = inputs[3].x;
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int g = 0; g < groups; g++) {
            int from = first + g * apart;
            int fifths = hasFifths ? int32(data, from + skip) : 0;
            FloatVector group0 = FloatVector.zero(FLOATS);
            FloatVector group1 = FloatVector.zero(FLOATS);
            FloatVector group2 = FloatVector.zero(FLOATS);
            FloatVector group3 = FloatVector.zero(FLOATS);
            for (int i = 0; i < HALF; i += LANES) {
                IntVector pairs = unsigned(data, from + apart - HALF + i);
                IntVector lows = pairs.and(FIFTEEN);
                IntVector highs = pairs.lanewise(LSHR, 4);
                if (hasFifths) {
                    lows = withFifths(lows, fifths >>> i);
                    highs = withFifths(highs, fifths >>> HALF + i);
                }
                FloatVector low = floats(lows);
                FloatVector high = floats(highs);
                int k = g * SIZE + i;
                int k0 = inputs[0].at + k;
                int k1 = inputs[1].at + k;
                int k2 = inputs[2].at + k;
                int k3 = inputs[3].at + k;
                group0 = low.fma(FloatVector.fromArray(FLOATS, x0, k0), group0);
                group1 = low.fma(FloatVector.fromArray(FLOATS, x1, k1), group1);
                group2 = low.fma(FloatVector.fromArray(FLOATS, x2, k2), group2);
                group3 = low.fma(FloatVector.fromArray(FLOATS, x3, k3), group3);
                group0 = high.fma(FloatVector.fromArray(FLOATS, x0, k0 + HALF), group0);
                group1 = high.fma(FloatVector.fromArray(FLOATS, x1, k1 + HALF), group1);
                group2 = high.fma(FloatVector.fromArray(FLOATS, x2, k2 + HALF), group2);
                group3 = high.fma(FloatVector.fromArray(FLOATS, x3, k3 + HALF), group3);
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, half(data, from));
            sum0 = group0.fma(scale, sum0);
            sum1 = group1.fma(scale, sum1);
            sum2 = group2.fma(scale, sum2);
            sum3 = group3.fma(scale, sum3);
        }
        int to = row * BlockScratch.TILE * LANES;
        sum0.intoArray(lanes, to);
        sum1.intoArray(lanes, to + LANES);
        sum2.intoArray(lanes, to + 2 * LANES);
        sum3.intoArray(lanes, to + 3 * LANES);
    }

    private static void bytesTile(
            byte[] data, int first, int groups, BlockInput[] inputs, float[] lanes, int row) {
        float[] x0 = inputs[0].x;
        float[] x1 = inputs[1].x;
        float[] x2 = inputs[2].x;
        float[] x3 = inputs[3].x;
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int g = 0; g < groups; g++) {
            int from = first + 34 * g;
            FloatVector group0 = FloatVector.zero(FLOATS);
            FloatVector group1 = FloatVector.zero(FLOATS);
            FloatVector group2 = FloatVector.zero(FLOATS);
            FloatVector group3 = FloatVector.zero(FLOATS);
            for (int i = 0; i < HALF; i += LANES) {
                FloatVector low = signed(data, from + 2 + i);
                FloatVector high = signed(data, from + 2 + HALF + i);
                int k = g * SIZE + i;
                int k0 = inputs[0].at + k;
                int k1 = inputs[1].at + k;
                int k2 = inputs[2].at + k;
                int k3 = inputs[3].at + k;
                group0 = low.fma(FloatVector.fromArray(FLOATS, x0, k0), group0);
                group1 = low.fma(FloatVector.fromArray(FLOATS, x1, k1), group1);
                group2 = low.fma(FloatVector.fromArray(FLOATS, x2, k2), group2);
                group3 = low.fma(FloatVector.fromArray(FLOATS, x3, k3), group3);
                group0 = high.fma(FloatVector.fromArray(FLOATS, x0, k0 + HALF), group0);
                group1 = high.fma(FloatVector.fromArray(FLOATS, x1, k1 + HALF), group1);
                group2 = high.fma(FloatVector.fromArray(FLOATS, x2, k2 + HALF), group2);
                group3 = high.fma(FloatVector.fromArray(FLOATS, x3, k3 + HALF), group3);
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, half(data, from));
            sum0 = group0.fma(scale, sum0);
            sum1 = group1.fma(scale, sum1);
            sum2 = group2.fma(scale, sum2);
            sum3 = group3.fma(scale, sum3);
        }
        int to = row * BlockScratch.TILE * LANES;
        sum0.intoArray(lanes, to);
        sum1.intoArray(lanes, to + LANES);
        sum2.intoArray(lanes, to + 2 * LANES);
        sum3.intoArray(lanes, to + 3 * LANES);
    }

    private static void minima(
            byte[] data,
            int first,
            BlockFormat format,
            int groups,
            BlockInput[] inputs,
            float[] lanes,
            int row) {
        int at = first + (format.hasMins() ? 2 : 0);
        float min0 = 0;
        float min1 = 0;
        float min2 = 0;
        float min3 = 0;
        for (int g = 0; g < groups; g++) {
            float min = half(data, at + g * format.bytes());
            min0 = Math.fma(min, inputs[0].sums[g], min0);
            min1 = Math.fma(min, inputs[1].sums[g], min1);
            min2 = Math.fma(min, inputs[2].sums[g], min2);
            min3 = Math.fma(min, inputs[3].sums[g], min3);
        }
        int to = row * BlockScratch.TILE * LANES;
        lanes[to] += min0;
        lanes[to + LANES] += min1;
        lanes[to + 2 * LANES] += min2;
        lanes[to + 3 * LANES] += min3;
    }

    /** Like {@link #groups}, for signed bytes. */
    static void q8Zero(
            MemorySegment data,
            long at,
            long toB,
            int blocks,
            BlockInput input,
            BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, 34 * blocks);
        float[] x = input.x;
        FloatVector sumA = FloatVector.zero(FLOATS);
        FloatVector sumB = FloatVector.zero(FLOATS);
        for (int g = 0; g < blocks; g++) {
            int fromA = 34 * g;
            int fromB = 34 * (blocks + g);
            FloatVector groupA = FloatVector.zero(FLOATS);
            FloatVector groupB = FloatVector.zero(FLOATS);
            for (int i = 0; i < HALF; i += LANES) {
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, input.at + g * SIZE + i);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, input.at + g * SIZE + HALF + i);
                groupA = signed(rows, fromA + 2 + i).fma(x0, groupA);
                groupB = signed(rows, fromB + 2 + i).fma(x0, groupB);
                groupA = signed(rows, fromA + 2 + HALF + i).fma(x1, groupA);
                groupB = signed(rows, fromB + 2 + HALF + i).fma(x1, groupB);
            }
            float scaleA = half(rows, fromA);
            float scaleB = half(rows, fromB);
            sumA = groupA.fma(FloatVector.broadcast(FLOATS, scaleA), sumA);
            sumB = groupB.fma(FloatVector.broadcast(FLOATS, scaleB), sumB);
        }
        sumA.intoArray(scratch.lanes, 0);
        sumB.intoArray(scratch.lanes, LANES);
    }
}
