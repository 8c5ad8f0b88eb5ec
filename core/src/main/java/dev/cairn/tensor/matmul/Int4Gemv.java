package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.INTS;
import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Int4Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x · wᵀ} for few rows of x and four-bit weights. Float arithmetic would be the
 * bottleneck, so this kernel computes in 16-bit integers, twice as many per vector, with inputs
 * rounded to 8 bits as described in {@link QuantizedInput}: the sum over a group is at most 32 · 8
 * · 127 = 32512 and therefore exact. Each int belongs to one row; the two sums in its halves are
 * added at the end of a group. Three blocks are read in parallel for the reason given in {@link
 * Int8Gemv}.
 */
final class Int4Gemv {
    /** Blocks of weights read in parallel. */
    static final int BLOCKS = 3;

    private static final int ROWS = Int4Tensor.ROWS;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;

    /** Ints of factors per group: an int holds the factors of two columns. */
    private static final int FACTORS = Int4Tensor.GROUP / 2;

    private Int4Gemv() {}

    /**
     * Computes the sums of the rows of three blocks; too large for the compiler to inline.
     *
     * @param at start of the first block in w
     * @param toB offset of the second block from the first; with fewer blocks, one is repeated
     * @param scaleAt start of the scales of the first block
     * @param scaleToB offset of the second block's scales from the first's
     * @param factors from {@link QuantizedInput}, like starts and xScales
     */
    static void blocks(
            int[] w,
            int at,
            int toB,
            int toC,
            short[] scales,
            int scaleAt,
            int scaleToB,
            int scaleToC,
            int[] factors,
            int[] starts,
            float[] xScales,
            int groups,
            float[] sums) {
        FloatVector sumA0 = FloatVector.zero(SPECIES);
        FloatVector sumA1 = FloatVector.zero(SPECIES);
        FloatVector sumB0 = FloatVector.zero(SPECIES);
        FloatVector sumB1 = FloatVector.zero(SPECIES);
        FloatVector sumC0 = FloatVector.zero(SPECIES);
        FloatVector sumC1 = FloatVector.zero(SPECIES);
        int i = at;
        int f = 0;
        for (int g = 0; g < groups; g++) {
            ShortVector start = IntVector.broadcast(INTS, starts[g]).reinterpretAsShorts();
            ShortVector groupA0 = start;
            ShortVector groupA1 = start;
            ShortVector groupB0 = start;
            ShortVector groupB1 = start;
            ShortVector groupC0 = start;
            ShortVector groupC1 = start;
            for (int end = f + FACTORS; f < end; f += 4, i += ROWS) {
                ShortVector f0 = IntVector.broadcast(INTS, factors[f]).reinterpretAsShorts();
                ShortVector f1 = IntVector.broadcast(INTS, factors[f + 1]).reinterpretAsShorts();
                ShortVector f2 = IntVector.broadcast(INTS, factors[f + 2]).reinterpretAsShorts();
                ShortVector f3 = IntVector.broadcast(INTS, factors[f + 3]).reinterpretAsShorts();
                IntVector a0 = IntVector.fromArray(INTS, w, i);
                IntVector a1 = IntVector.fromArray(INTS, w, i + LANES);
                groupA0 = a0.reinterpretAsShorts().mul(f0).add(groupA0);
                groupA1 = a1.reinterpretAsShorts().mul(f0).add(groupA1);
                groupA0 =
                        a0.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(f1)
                                .add(groupA0);
                groupA1 =
                        a1.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(f1)
                                .add(groupA1);
                groupA0 =
                        a0.lanewise(VectorOperators.LSHR, 8)
                                .reinterpretAsShorts()
                                .mul(f2)
                                .add(groupA0);
                groupA1 =
                        a1.lanewise(VectorOperators.LSHR, 8)
                                .reinterpretAsShorts()
                                .mul(f2)
                                .add(groupA1);
                groupA0 =
                        a0.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(f3)
                                .add(groupA0);
                groupA1 =
                        a1.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(f3)
                                .add(groupA1);
                IntVector b0 = IntVector.fromArray(INTS, w, i + toB);
                IntVector b1 = IntVector.fromArray(INTS, w, i + toB + LANES);
                groupB0 = b0.reinterpretAsShorts().mul(f0).add(groupB0);
                groupB1 = b1.reinterpretAsShorts().mul(f0).add(groupB1);
                groupB0 =
                        b0.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(f1)
                                .add(groupB0);
                groupB1 =
                        b1.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(f1)
                                .add(groupB1);
                groupB0 =
                        b0.lanewise(VectorOperators.LSHR, 8)
                                .reinterpretAsShorts()
                                .mul(f2)
                                .add(groupB0);
                groupB1 =
                        b1.lanewise(VectorOperators.LSHR, 8)
                                .reinterpretAsShorts()
                                .mul(f2)
                                .add(groupB1);
                groupB0 =
                        b0.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(f3)
                                .add(groupB0);
                groupB1 =
                        b1.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(f3)
                                .add(groupB1);
                IntVector c0 = IntVector.fromArray(INTS, w, i + toC);
                IntVector c1 = IntVector.fromArray(INTS, w, i + toC + LANES);
                groupC0 = c0.reinterpretAsShorts().mul(f0).add(groupC0);
                groupC1 = c1.reinterpretAsShorts().mul(f0).add(groupC1);
                groupC0 =
                        c0.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(f1)
                                .add(groupC0);
                groupC1 =
                        c1.lanewise(VectorOperators.LSHR, 4)
                                .reinterpretAsShorts()
                                .mul(f1)
                                .add(groupC1);
                groupC0 =
                        c0.lanewise(VectorOperators.LSHR, 8)
                                .reinterpretAsShorts()
                                .mul(f2)
                                .add(groupC0);
                groupC1 =
                        c1.lanewise(VectorOperators.LSHR, 8)
                                .reinterpretAsShorts()
                                .mul(f2)
                                .add(groupC1);
                groupC0 =
                        c0.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(f3)
                                .add(groupC0);
                groupC1 =
                        c1.lanewise(VectorOperators.LSHR, 12)
                                .reinterpretAsShorts()
                                .mul(f3)
                                .add(groupC1);
            }
            int scale = scaleAt + g * ROWS;
            // Adds the two halves of each int; scales are stored in pairs of rows r and r + LANES.
            IntVector pairsA = ShortVector.fromArray(SHORTS, scales, scale).reinterpretAsInts();
            IntVector halvesA0 = groupA0.reinterpretAsInts();
            sumA0 =
                    ((FloatVector)
                                    halvesA0.add(halvesA0.lanewise(VectorOperators.LSHL, 16))
                                            .lanewise(VectorOperators.ASHR, 16)
                                            .convertShape(VectorOperators.I2F, SPECIES, 0))
                            .mul(xScales[g])
                            .fma(
                                    pairsA.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(),
                                    sumA0);
            IntVector halvesA1 = groupA1.reinterpretAsInts();
            sumA1 =
                    ((FloatVector)
                                    halvesA1.add(halvesA1.lanewise(VectorOperators.LSHL, 16))
                                            .lanewise(VectorOperators.ASHR, 16)
                                            .convertShape(VectorOperators.I2F, SPECIES, 0))
                            .mul(xScales[g])
                            .fma(pairsA.and(0xFFFF0000).reinterpretAsFloats(), sumA1);
            IntVector pairsB =
                    ShortVector.fromArray(SHORTS, scales, scale + scaleToB).reinterpretAsInts();
            IntVector halvesB0 = groupB0.reinterpretAsInts();
            sumB0 =
                    ((FloatVector)
                                    halvesB0.add(halvesB0.lanewise(VectorOperators.LSHL, 16))
                                            .lanewise(VectorOperators.ASHR, 16)
                                            .convertShape(VectorOperators.I2F, SPECIES, 0))
                            .mul(xScales[g])
                            .fma(
                                    pairsB.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(),
                                    sumB0);
            IntVector halvesB1 = groupB1.reinterpretAsInts();
            sumB1 =
                    ((FloatVector)
                                    halvesB1.add(halvesB1.lanewise(VectorOperators.LSHL, 16))
                                            .lanewise(VectorOperators.ASHR, 16)
                                            .convertShape(VectorOperators.I2F, SPECIES, 0))
                            .mul(xScales[g])
                            .fma(pairsB.and(0xFFFF0000).reinterpretAsFloats(), sumB1);
            IntVector pairsC =
                    ShortVector.fromArray(SHORTS, scales, scale + scaleToC).reinterpretAsInts();
            IntVector halvesC0 = groupC0.reinterpretAsInts();
            sumC0 =
                    ((FloatVector)
                                    halvesC0.add(halvesC0.lanewise(VectorOperators.LSHL, 16))
                                            .lanewise(VectorOperators.ASHR, 16)
                                            .convertShape(VectorOperators.I2F, SPECIES, 0))
                            .mul(xScales[g])
                            .fma(
                                    pairsC.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(),
                                    sumC0);
            IntVector halvesC1 = groupC1.reinterpretAsInts();
            sumC1 =
                    ((FloatVector)
                                    halvesC1.add(halvesC1.lanewise(VectorOperators.LSHL, 16))
                                            .lanewise(VectorOperators.ASHR, 16)
                                            .convertShape(VectorOperators.I2F, SPECIES, 0))
                            .mul(xScales[g])
                            .fma(pairsC.and(0xFFFF0000).reinterpretAsFloats(), sumC1);
        }
        sumA0.intoArray(sums, 0);
        sumA1.intoArray(sums, LANES);
        sumB0.intoArray(sums, 2 * LANES);
        sumB1.intoArray(sums, 3 * LANES);
        sumC0.intoArray(sums, 4 * LANES);
        sumC1.intoArray(sums, 5 * LANES);
    }
}
