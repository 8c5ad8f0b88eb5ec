package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
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
 * scale · Σ q·x + min · Σ x}, or with {@code −zero · scale} for the minimum. The rows share the
 * loads of inputs, and are copied to arrays first: what the compiler makes of a segment depends on
 * what else the process has read from segments.
 *
 * <p>Every method is too large for the compiler to inline.
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
        nibbles(rows, blocks * 18, 18, 2, blocks, x, scratch.lanes);
    }

    static void q4One(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 20);
        nibbles(rows, blocks * 20, 20, 4, blocks, x, scratch.lanes);
    }

    static void q5Zero(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 22);
        fiveBits(rows, blocks * 22, 22, 2, blocks, x, scratch.lanes);
    }

    static void q5One(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * 24);
        fiveBits(rows, blocks * 24, 24, 4, blocks, x, scratch.lanes);
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
     * Four bits per number.
     *
     * @param data two rows
     * @param toB start of the second
     * @param apart bytes per block
     * @param skip bytes before the integers of a block: its scale, and with 4 a minimum as well
     * @param lanes receives a vector per row
     */
    static void nibbles(
            byte[] data,
            int toB,
            int apart,
            int skip,
            int groups,
            BlockInput input,
            float[] lanes) {
        float[] x = input.x;
        float[] sums = input.sums;
        FloatVector sumA = FloatVector.zero(FLOATS);
        FloatVector sumB = FloatVector.zero(FLOATS);
        float minA = 0;
        float minB = 0;
        for (int g = 0; g < groups; g++) {
            int from = g * apart;
            FloatVector groupA = FloatVector.zero(FLOATS);
            FloatVector groupB = FloatVector.zero(FLOATS);
            for (int i = 0; i < HALF; i += LANES) {
                IntVector a = unsigned(data, from + skip + i);
                IntVector b = unsigned(data, from + toB + skip + i);
                int k = input.at + g * SIZE + i;
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, k);
                FloatVector x1 = FloatVector.fromArray(FLOATS, x, k + HALF);
                groupA = floats(a.and(FIFTEEN)).fma(x0, groupA);
                groupB = floats(b.and(FIFTEEN)).fma(x0, groupB);
                groupA = floats(a.lanewise(LSHR, 4)).fma(x1, groupA);
                groupB = floats(b.lanewise(LSHR, 4)).fma(x1, groupB);
            }
            float scaleA = half(data, from);
            float scaleB = half(data, from + toB);
            sumA = groupA.fma(FloatVector.broadcast(FLOATS, scaleA), sumA);
            sumB = groupB.fma(FloatVector.broadcast(FLOATS, scaleB), sumB);
            minA = Math.fma(half(data, from + skip - 2), sums[g], minA);
            minB = Math.fma(half(data, from + toB + skip - 2), sums[g], minB);
        }
        sumA.intoArray(lanes, 0);
        sumB.intoArray(lanes, LANES);
        lanes[0] += minA;
        lanes[LANES] += minB;
    }

    /**
     * Like {@link #nibbles}, for five bits per number: four bytes of fifth bits come first. The
     * rows are computed one after the other: both at once are too much for the compiler.
     */
    private static void fiveBits(
            byte[] data,
            int toB,
            int apart,
            int skip,
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
                int fifths = BlockBytes.int32(data, from + skip);
                FloatVector group = FloatVector.zero(FLOATS);
                for (int i = 0; i < HALF; i += LANES) {
                    IntVector pairs = unsigned(data, from + skip + 4 + i);
                    IntVector low = withFifths(pairs.and(FIFTEEN), fifths >>> i);
                    FloatVector x0 = FloatVector.fromArray(FLOATS, x, input.at + g * SIZE + i);
                    group = floats(low).fma(x0, group);
                    IntVector high =
                            withFifths(pairs.lanewise(LSHR, 4), fifths >>> HALF + i);
                    FloatVector x1 =
                            FloatVector.fromArray(FLOATS, x, input.at + g * SIZE + HALF + i);
                    group = floats(high).fma(x1, group);
                }
                float scale = half(data, from);
                sum = group.fma(FloatVector.broadcast(FLOATS, scale), sum);
                min = Math.fma(half(data, from + skip - 2), sums[g], min);
            }
            sum.intoArray(lanes, row * LANES);
            lanes[row * LANES] += min;
        }
    }

    /** Like {@link #nibbles}, for signed bytes. */
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
