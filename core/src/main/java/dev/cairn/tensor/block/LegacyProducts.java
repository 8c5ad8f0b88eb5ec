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

    static final IntVector FIFTEEN = IntVector.broadcast(INTS, 15);
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
    static IntVector withFifths(IntVector numbers, int bits) {
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
