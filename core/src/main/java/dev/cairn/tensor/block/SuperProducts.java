package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.INTS;
import static dev.cairn.tensor.block.BlockVectors.LANES;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Products of two rows of super-blocks with one row of inputs, in floats. A block's nibbles are
 * read as vectors of ints. An integer of n bits becomes a float without a conversion: its bits are
 * moved to the upper end of the mantissa, under the exponent of {@code 2^n}, which gives {@code 2^n
 * + q}; {@link SuperScales} takes away what is too much. {@link BlockInput} has the inputs in the
 * order in which the integers come to light.
 *
 * <p>Every kernel is too large for the compiler to inline.
 */
final class SuperProducts {
    /** Vectors per block. */
    private static final int PER_BLOCK = 32 / LANES;

    /** Vectors per half of a block; only Q6_K has halves. */
    private static final int PER_HALF = PER_BLOCK / 2;

    /** Vectors per 32 bytes, if there are not two times 32 bytes in a vector. */
    private static final int PER_GROUP = Math.max(1, PER_BLOCK / 4);

    private static final int BYTES = 4 * LANES;

    private static final IntVector TWO_MORE_ABOVE =
            IntVector.zero(INTS).blend(2, VectorMask.fromLong(INTS, 0xFF00));

    // As objects: constants are read from memory again wherever they are used.
    private static final IntVector NIBBLE_OF_4 = IntVector.broadcast(INTS, 0x780000);
    private static final IntVector EXPONENT_OF_4 = IntVector.broadcast(INTS, 0x41800000);
    private static final IntVector NIBBLE_OF_5 = IntVector.broadcast(INTS, 0x3C0000);
    private static final IntVector ABOVE_OF_5 = IntVector.broadcast(INTS, 0x400000);
    private static final IntVector EXPONENT_OF_5 = IntVector.broadcast(INTS, 0x42000000);
    private static final IntVector NIBBLE_OF_6 = IntVector.broadcast(INTS, 0x1E0000);
    private static final IntVector ABOVE_OF_6 = IntVector.broadcast(INTS, 0x600000);
    private static final IntVector EXPONENT_OF_6 = IntVector.broadcast(INTS, 0x42800000);

    private SuperProducts() {}

    /**
     * The bits above those of the nibbles. Several times 32 bytes of nibbles share the same 32
     * bytes, of which each uses bits that are two places higher.
     *
     * @param vector how many vectors of nibbles come before, of those that share the bytes
     * @return ints whose lowest bits belong to the low nibble of their first byte
     */
    private static IntVector upper(byte[] data, int at, int vector) {
        if (LANES == 16) {
            return BlockVectors.intsTwice(data, at)
                    .lanewise(LSHR, TWO_MORE_ABOVE)
                    .lanewise(LSHR, 4 * vector);
        }
        int from = at + vector % PER_GROUP * BYTES;
        return BlockVectors.ints(data, from).lanewise(LSHR, 2 * (vector / PER_GROUP));
    }

    /** Four bits, the low nibbles of every 32 bytes before the high ones. */
    static void q4(
            MemorySegment rows,
            long at,
            long toB,
            int blocks,
            BlockInput input,
            BlockScratch scratch) {
        byte[] data = scratch.copy(rows, at, toB, blocks * 144);
        for (int row = 0; row < 2; row++) {
            int first = row * blocks * 144;
            scratch.scales.ofEight(data, first, 144, blocks, input.sums);
            fourBits(data, first, blocks, input.x, scratch.scales, scratch.lanes, row * LANES);
        }
    }

    private static void fourBits(
            byte[] data, int first, int blocks, float[] x, SuperScales of, float[] lanes, int to) {
        float[] scales = of.scales;
        FloatVector sum = FloatVector.fromArray(FLOATS, of.total, 0);
        for (int v = 0; v < blocks * PER_BLOCK; v++) {
            int vector = v % PER_BLOCK;
            int block = first + v / PER_BLOCK * 144;
            IntVector pairs = BlockVectors.ints(data, block + 16 + vector * BYTES);
            int k = v * 8 * LANES;
            FloatVector low =
                    pairs.lanewise(LSHL, 19)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, x, k));
            FloatVector high =
                    pairs.lanewise(LSHL, 15)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, x, k + LANES));
            low =
                    pairs.lanewise(LSHL, 11)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 2 * LANES), low);
            high =
                    pairs.lanewise(LSHL, 7)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 3 * LANES), high);
            low =
                    pairs.lanewise(LSHL, 3)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 4 * LANES), low);
            high =
                    pairs.lanewise(LSHR, 1)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 5 * LANES), high);
            low =
                    pairs.lanewise(LSHR, 5)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 6 * LANES), low);
            high =
                    pairs.lanewise(LSHR, 9)
                            .and(NIBBLE_OF_4)
                            .or(EXPONENT_OF_4)
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 7 * LANES), high);
            int scale = 2 * v * LANES;
            sum = low.fma(FloatVector.fromArray(FLOATS, scales, scale), sum);
            sum = high.fma(FloatVector.fromArray(FLOATS, scales, scale + LANES), sum);
        }
        sum.intoArray(lanes, to);
    }

    /** Like {@link #q4}; bit g of 32 bytes holds the fifth bits of group g. */
    static void q5(
            MemorySegment rows,
            long at,
            long toB,
            int blocks,
            BlockInput input,
            BlockScratch scratch) {
        byte[] data = scratch.copy(rows, at, toB, blocks * 176);
        for (int row = 0; row < 2; row++) {
            int first = row * blocks * 176;
            scratch.scales.ofEight(data, first, 176, blocks, input.sums);
            fiveBits(data, first, blocks, input.x, scratch.scales, scratch.lanes, row * LANES);
        }
    }

    private static void fiveBits(
            byte[] data, int first, int blocks, float[] x, SuperScales of, float[] lanes, int to) {
        float[] scales = of.scales;
        FloatVector sum = FloatVector.fromArray(FLOATS, of.total, 0);
        for (int v = 0; v < blocks * PER_BLOCK; v++) {
            int vector = v % PER_BLOCK;
            int block = first + v / PER_BLOCK * 176;
            IntVector pairs = BlockVectors.ints(data, block + 48 + vector * BYTES);
            IntVector upper = upper(data, block + 16, vector);
            int k = v * 8 * LANES;
            FloatVector low =
                    pairs.lanewise(LSHL, 18)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHL, 22).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, x, k));
            FloatVector high =
                    pairs.lanewise(LSHL, 14)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHL, 21).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, x, k + LANES));
            low =
                    pairs.lanewise(LSHL, 10)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHL, 14).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 2 * LANES), low);
            high =
                    pairs.lanewise(LSHL, 6)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHL, 13).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 3 * LANES), high);
            low =
                    pairs.lanewise(LSHL, 2)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHL, 6).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 4 * LANES), low);
            high =
                    pairs.lanewise(LSHR, 2)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHL, 5).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 5 * LANES), high);
            low =
                    pairs.lanewise(LSHR, 6)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHR, 2).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 6 * LANES), low);
            high =
                    pairs.lanewise(LSHR, 10)
                            .and(NIBBLE_OF_5)
                            .or(EXPONENT_OF_5)
                            .or(upper.lanewise(LSHR, 3).and(ABOVE_OF_5))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 7 * LANES), high);
            int scale = 2 * v * LANES;
            sum = low.fma(FloatVector.fromArray(FLOATS, scales, scale), sum);
            sum = high.fma(FloatVector.fromArray(FLOATS, scales, scale + LANES), sum);
        }
        sum.intoArray(lanes, to);
    }

    /**
     * Like {@link #q4}, with spans of 64 bytes; 32 bytes have two more bits for every nibble of
     * such a span.
     */
    static void q6(
            MemorySegment rows,
            long at,
            long toB,
            int blocks,
            BlockInput input,
            BlockScratch scratch) {
        byte[] data = scratch.copy(rows, at, toB, blocks * 210);
        for (int row = 0; row < 2; row++) {
            int first = row * blocks * 210;
            scratch.scales.ofSixteen(data, first, blocks, input.sums);
            sixBits(data, first, blocks, input.x, scratch.scales, scratch.lanes, row * LANES);
        }
    }

    private static void sixBits(
            byte[] data, int first, int blocks, float[] x, SuperScales of, float[] lanes, int to) {
        float[] scales = of.scales;
        FloatVector sum = FloatVector.fromArray(FLOATS, of.total, 0);
        for (int v = 0; v < blocks * PER_BLOCK; v++) {
            int vector = v % PER_BLOCK;
            int block = first + v / PER_BLOCK * 210;
            IntVector pairs = BlockVectors.ints(data, block + vector * BYTES);
            IntVector upper = upper(data, block + 128 + vector / PER_HALF * 32, vector % PER_HALF);
            int k = v * 8 * LANES;
            FloatVector low =
                    pairs.lanewise(LSHL, 17)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHL, 21).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, x, k));
            FloatVector high =
                    pairs.lanewise(LSHL, 13)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHL, 17).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .mul(FloatVector.fromArray(FLOATS, x, k + LANES));
            low =
                    pairs.lanewise(LSHL, 9)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHL, 13).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 2 * LANES), low);
            high =
                    pairs.lanewise(LSHL, 5)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHL, 9).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 3 * LANES), high);
            low =
                    pairs.lanewise(LSHL, 1)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHL, 5).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 4 * LANES), low);
            high =
                    pairs.lanewise(LSHR, 3)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHL, 1).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 5 * LANES), high);
            low =
                    pairs.lanewise(LSHR, 7)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHR, 3).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 6 * LANES), low);
            high =
                    pairs.lanewise(LSHR, 11)
                            .and(NIBBLE_OF_6)
                            .or(EXPONENT_OF_6)
                            .or(upper.lanewise(LSHR, 7).and(ABOVE_OF_6))
                            .reinterpretAsFloats()
                            .fma(FloatVector.fromArray(FLOATS, x, k + 7 * LANES), high);
            int scale = v / PER_HALF * 32 + v % PER_HALF * LANES;
            sum = low.fma(FloatVector.fromArray(FLOATS, scales, scale), sum);
            sum = high.fma(FloatVector.fromArray(FLOATS, scales, scale + 16), sum);
        }
        sum.intoArray(lanes, to);
    }
}
