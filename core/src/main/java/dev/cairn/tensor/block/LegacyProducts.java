package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.BYTES;
import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.INTS;
import static dev.cairn.tensor.block.BlockVectors.SHORTS;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of two rows of blocks of 32 with one row of integers: what {@link LegacyCodes} and
 * {@link CodeProducts} compute one after the other, without the detour through memory, and with the
 * same bits. The rows are far apart: each is a stream of its own, which the processor prefetches.
 */
final class LegacyProducts {
    private static final int SIZE = 32;
    private static final int HALF = 16;

    private LegacyProducts() {}

    /**
     * Four bits per number; too large for the compiler to inline.
     *
     * @param toB distance of the second row from the first, in bytes
     * @param apart bytes per block
     * @param skip bytes before the integers of a block
     * @param zero the integer that stands for zero
     * @param minsA receives the minima of the first row, where blocks have some: after their scale,
     *     which makes {@code skip} greater than 2
     * @param lanes receives a vector per row
     */
    static void nibbles(
            MemorySegment data,
            long at,
            long toB,
            int apart,
            int skip,
            short zero,
            short[] x,
            float[] xScales,
            int groups,
            float[] minsA,
            float[] minsB,
            float[] lanes) {
        FloatVector sumA = FloatVector.zero(FLOATS);
        FloatVector sumB = FloatVector.zero(FLOATS);
        long from = at;
        for (int g = 0; g < groups; g++, from += apart) {
            IntVector totalA = IntVector.zero(INTS);
            IntVector totalB = IntVector.zero(INTS);
            for (int i = 0; i < HALF; i += SHORT_LANES) {
                ShortVector x0 = ShortVector.fromArray(SHORTS, x, g * SIZE + i);
                ShortVector x1 = ShortVector.fromArray(SHORTS, x, g * SIZE + HALF + i);
                ShortVector a =
                        ((ShortVector)
                                ByteVector.fromMemorySegment(
                                                BYTES, data, from + skip + i, LITTLE_ENDIAN)
                                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
                ShortVector b =
                        ((ShortVector)
                                ByteVector.fromMemorySegment(
                                                BYTES, data, from + toB + skip + i, LITTLE_ENDIAN)
                                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
                IntVector pairsA =
                        a.and((short) 15)
                                .sub(zero)
                                .mul(x0)
                                .add(a.lanewise(VectorOperators.LSHR, 4).sub(zero).mul(x1))
                                .reinterpretAsInts();
                IntVector pairsB =
                        b.and((short) 15)
                                .sub(zero)
                                .mul(x0)
                                .add(b.lanewise(VectorOperators.LSHR, 4).sub(zero).mul(x1))
                                .reinterpretAsInts();
                // Both halves of an int, added: their sum may need 17 bits.
                totalA =
                        pairsA.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 16)
                                .add(pairsA.lanewise(VectorOperators.ASHR, 16))
                                .add(totalA);
                totalB =
                        pairsB.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 16)
                                .add(pairsB.lanewise(VectorOperators.ASHR, 16))
                                .add(totalB);
            }
            if (skip > 2) {
                minsA[g] = Float.float16ToFloat(data.get(BlockBytes.SHORT, from + 2));
                minsB[g] = Float.float16ToFloat(data.get(BlockBytes.SHORT, from + toB + 2));
            }
            float scaleA = Float.float16ToFloat(data.get(BlockBytes.SHORT, from)) * xScales[g];
            float scaleB =
                    Float.float16ToFloat(data.get(BlockBytes.SHORT, from + toB)) * xScales[g];
            sumA =
                    ((FloatVector) totalA.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(FloatVector.broadcast(FLOATS, scaleA), sumA);
            sumB =
                    ((FloatVector) totalB.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(FloatVector.broadcast(FLOATS, scaleB), sumB);
        }
        sumA.intoArray(lanes, 0);
        sumB.intoArray(lanes, BlockVectors.FLOAT_LANES);
    }

    /** Like {@link #nibbles}, for five bits per number: four bytes of fifth bits come first. */
    static void fiveBits(
            MemorySegment data,
            long at,
            long toB,
            int apart,
            int skip,
            short zero,
            short[] x,
            float[] xScales,
            int groups,
            float[] minsA,
            float[] minsB,
            float[] lanes) {
        FloatVector sumA = FloatVector.zero(FLOATS);
        FloatVector sumB = FloatVector.zero(FLOATS);
        long from = at;
        for (int g = 0; g < groups; g++, from += apart) {
            IntVector totalA = IntVector.zero(INTS);
            IntVector totalB = IntVector.zero(INTS);
            int fifthA = data.get(BlockBytes.INT, from + skip);
            int fifthB = data.get(BlockBytes.INT, from + toB + skip);
            for (int i = 0; i < HALF; i += SHORT_LANES) {
                ShortVector toSign = ShortVector.fromArray(SHORTS, LegacyCodes.TO_SIGN, i);
                ShortVector x0 = ShortVector.fromArray(SHORTS, x, g * SIZE + i);
                ShortVector x1 = ShortVector.fromArray(SHORTS, x, g * SIZE + HALF + i);
                ShortVector a =
                        ((ShortVector)
                                ByteVector.fromMemorySegment(
                                                BYTES, data, from + skip + 4 + i, LITTLE_ENDIAN)
                                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
                ShortVector b =
                        ((ShortVector)
                                ByteVector.fromMemorySegment(
                                                BYTES,
                                                data,
                                                from + toB + skip + 4 + i,
                                                LITTLE_ENDIAN)
                                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
                ShortVector fifthA0 =
                        ShortVector.broadcast(SHORTS, (short) fifthA)
                                .mul(toSign)
                                .lanewise(VectorOperators.LSHR, 11)
                                .and((short) 16);
                ShortVector fifthA1 =
                        ShortVector.broadcast(SHORTS, (short) (fifthA >> HALF))
                                .mul(toSign)
                                .lanewise(VectorOperators.LSHR, 11)
                                .and((short) 16);
                ShortVector fifthB0 =
                        ShortVector.broadcast(SHORTS, (short) fifthB)
                                .mul(toSign)
                                .lanewise(VectorOperators.LSHR, 11)
                                .and((short) 16);
                ShortVector fifthB1 =
                        ShortVector.broadcast(SHORTS, (short) (fifthB >> HALF))
                                .mul(toSign)
                                .lanewise(VectorOperators.LSHR, 11)
                                .and((short) 16);
                ShortVector productsA0 = a.and((short) 15).or(fifthA0).sub(zero).mul(x0);
                ShortVector productsB0 = b.and((short) 15).or(fifthB0).sub(zero).mul(x0);
                IntVector pairsA =
                        a.lanewise(VectorOperators.LSHR, 4)
                                .or(fifthA1)
                                .sub(zero)
                                .mul(x1)
                                .add(productsA0)
                                .reinterpretAsInts();
                IntVector pairsB =
                        b.lanewise(VectorOperators.LSHR, 4)
                                .or(fifthB1)
                                .sub(zero)
                                .mul(x1)
                                .add(productsB0)
                                .reinterpretAsInts();
                totalA =
                        pairsA.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 16)
                                .add(pairsA.lanewise(VectorOperators.ASHR, 16))
                                .add(totalA);
                totalB =
                        pairsB.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 16)
                                .add(pairsB.lanewise(VectorOperators.ASHR, 16))
                                .add(totalB);
            }
            if (skip > 2) {
                minsA[g] = Float.float16ToFloat(data.get(BlockBytes.SHORT, from + 2));
                minsB[g] = Float.float16ToFloat(data.get(BlockBytes.SHORT, from + toB + 2));
            }
            float scaleA = Float.float16ToFloat(data.get(BlockBytes.SHORT, from)) * xScales[g];
            float scaleB =
                    Float.float16ToFloat(data.get(BlockBytes.SHORT, from + toB)) * xScales[g];
            sumA =
                    ((FloatVector) totalA.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(FloatVector.broadcast(FLOATS, scaleA), sumA);
            sumB =
                    ((FloatVector) totalB.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(FloatVector.broadcast(FLOATS, scaleB), sumB);
        }
        sumA.intoArray(lanes, 0);
        sumB.intoArray(lanes, BlockVectors.FLOAT_LANES);
    }
}
