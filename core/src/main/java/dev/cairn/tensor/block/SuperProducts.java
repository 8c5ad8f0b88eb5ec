package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.FEW_FLOATS;
import static dev.cairn.tensor.block.BlockVectors.FEW_INTS;
import static dev.cairn.tensor.block.BlockVectors.FEW_LANES;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Products of two rows of super-blocks with one row of inputs, in floats. A block's nibbles are
 * read as vectors of ints. An integer of n bits becomes a float without a conversion: its bits are
 * moved to the upper end of the mantissa, under the exponent of {@code 2^n}, which gives {@code 2^n
 * + q}; {@link SuperScales} takes away what is too much. {@link BlockInput} has the inputs in the
 * order in which the integers come to light.
 *
 * <p>Every method is too large for the compiler to inline.
 */
final class SuperProducts {
    /** Vectors per block. */
    private static final int PER_BLOCK = 32 / FEW_LANES;

    /** Vectors per half of a block; only Q6_K has halves. */
    private static final int PER_HALF = PER_BLOCK / 2;

    /** Vectors per 32 bytes. */
    private static final int PER_GROUP = PER_BLOCK / 4;

    private static final int BYTES = 4 * FEW_LANES;

    private SuperProducts() {}

    /**
     * The bits above those of the nibbles. Several times 32 bytes of nibbles share the same 32
     * bytes, of which each uses bits that are two places higher.
     *
     * @param vector how many vectors of nibbles come before, of those that share the bytes
     * @return ints whose lowest bits belong to the low nibble of their first byte
     */
    private static IntVector upper(byte[] data, int at, int vector) {
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
        float[] x = input.x;
        IntVector nibble = IntVector.broadcast(FEW_INTS, 0x780000);
        IntVector exponent = IntVector.broadcast(FEW_INTS, 0x41800000);
        for (int row = 0; row < 2; row++) {
            int first = row * blocks * 144;
            SuperScales of = scratch.scales;
            of.ofEight(data, first, 144, blocks, input.sums);
            float[] scales = of.scales;
            FloatVector sum = FloatVector.fromArray(FEW_FLOATS, of.total, 0);
            for (int v = 0; v < blocks * PER_BLOCK; v++) {
                int vector = v % PER_BLOCK;
                int block = first + v / PER_BLOCK * 144;
                IntVector pairs = BlockVectors.ints(data, block + 16 + vector * BYTES);
                int k = v * 8 * FEW_LANES;
                FloatVector low =
                        pairs.lanewise(LSHL, 19)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .mul(FloatVector.fromArray(FEW_FLOATS, x, k));
                FloatVector high =
                        pairs.lanewise(LSHL, 15)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .mul(FloatVector.fromArray(FEW_FLOATS, x, k + FEW_LANES));
                low =
                        pairs.lanewise(LSHL, 11)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 2 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHL, 7)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 3 * FEW_LANES), high);
                low =
                        pairs.lanewise(LSHL, 3)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 4 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHR, 1)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 5 * FEW_LANES), high);
                low =
                        pairs.lanewise(LSHR, 5)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 6 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHR, 9)
                                .and(nibble)
                                .or(exponent)
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 7 * FEW_LANES), high);
                int scale = 2 * (v / PER_GROUP);
                sum = low.fma(FloatVector.broadcast(FEW_FLOATS, scales[scale]), sum);
                sum = high.fma(FloatVector.broadcast(FEW_FLOATS, scales[scale + 1]), sum);
            }
            scratch.put(row, sum);
        }
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
        float[] x = input.x;
        IntVector nibble = IntVector.broadcast(FEW_INTS, 0x3C0000);
        IntVector above = IntVector.broadcast(FEW_INTS, 0x400000);
        IntVector exponent = IntVector.broadcast(FEW_INTS, 0x42000000);
        for (int row = 0; row < 2; row++) {
            int first = row * blocks * 176;
            SuperScales of = scratch.scales;
            of.ofEight(data, first, 176, blocks, input.sums);
            float[] scales = of.scales;
            FloatVector sum = FloatVector.fromArray(FEW_FLOATS, of.total, 0);
            for (int v = 0; v < blocks * PER_BLOCK; v++) {
                int vector = v % PER_BLOCK;
                int block = first + v / PER_BLOCK * 176;
                IntVector pairs = BlockVectors.ints(data, block + 48 + vector * BYTES);
                IntVector upper = upper(data, block + 16, vector);
                int k = v * 8 * FEW_LANES;
                FloatVector low =
                        pairs.lanewise(LSHL, 18)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 22).and(above))
                                .reinterpretAsFloats()
                                .mul(FloatVector.fromArray(FEW_FLOATS, x, k));
                FloatVector high =
                        pairs.lanewise(LSHL, 14)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 21).and(above))
                                .reinterpretAsFloats()
                                .mul(FloatVector.fromArray(FEW_FLOATS, x, k + FEW_LANES));
                low =
                        pairs.lanewise(LSHL, 10)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 14).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 2 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHL, 6)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 13).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 3 * FEW_LANES), high);
                low =
                        pairs.lanewise(LSHL, 2)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 6).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 4 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHR, 2)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 5).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 5 * FEW_LANES), high);
                low =
                        pairs.lanewise(LSHR, 6)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHR, 2).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 6 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHR, 10)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHR, 3).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 7 * FEW_LANES), high);
                int scale = 2 * (v / PER_GROUP);
                sum = low.fma(FloatVector.broadcast(FEW_FLOATS, scales[scale]), sum);
                sum = high.fma(FloatVector.broadcast(FEW_FLOATS, scales[scale + 1]), sum);
            }
            scratch.put(row, sum);
        }
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
        float[] x = input.x;
        IntVector nibble = IntVector.broadcast(FEW_INTS, 0x1E0000);
        IntVector above = IntVector.broadcast(FEW_INTS, 0x600000);
        IntVector exponent = IntVector.broadcast(FEW_INTS, 0x42800000);
        for (int row = 0; row < 2; row++) {
            int first = row * blocks * 210;
            SuperScales of = scratch.scales;
            of.ofSixteen(data, first, blocks, input.sums);
            float[] scales = of.scales;
            FloatVector sum = FloatVector.fromArray(FEW_FLOATS, of.total, 0);
            for (int v = 0; v < blocks * PER_BLOCK; v++) {
                int vector = v % PER_BLOCK;
                int block = first + v / PER_BLOCK * 210;
                IntVector pairs = BlockVectors.ints(data, block + vector * BYTES);
                IntVector upper =
                        upper(data, block + 128 + vector / PER_HALF * 32, vector % PER_HALF);
                int k = v * 8 * FEW_LANES;
                FloatVector low =
                        pairs.lanewise(LSHL, 17)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 21).and(above))
                                .reinterpretAsFloats()
                                .mul(FloatVector.fromArray(FEW_FLOATS, x, k));
                FloatVector high =
                        pairs.lanewise(LSHL, 13)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 17).and(above))
                                .reinterpretAsFloats()
                                .mul(FloatVector.fromArray(FEW_FLOATS, x, k + FEW_LANES));
                low =
                        pairs.lanewise(LSHL, 9)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 13).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 2 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHL, 5)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 9).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 3 * FEW_LANES), high);
                low =
                        pairs.lanewise(LSHL, 1)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 5).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 4 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHR, 3)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHL, 1).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 5 * FEW_LANES), high);
                low =
                        pairs.lanewise(LSHR, 7)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHR, 3).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 6 * FEW_LANES), low);
                high =
                        pairs.lanewise(LSHR, 11)
                                .and(nibble)
                                .or(exponent)
                                .or(upper.lanewise(LSHR, 7).and(above))
                                .reinterpretAsFloats()
                                .fma(FloatVector.fromArray(FEW_FLOATS, x, k + 7 * FEW_LANES), high);
                int scale = v / PER_HALF * 32 + v % PER_HALF * FEW_LANES;
                sum = low.fma(FloatVector.fromArray(FEW_FLOATS, scales, scale), sum);
                sum = high.fma(FloatVector.fromArray(FEW_FLOATS, scales, scale + 16), sum);
            }
            scratch.put(row, sum);
        }
    }
}
