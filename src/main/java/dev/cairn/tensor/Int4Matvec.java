package dev.cairn.tensor;

import static dev.cairn.tensor.VectorMath.INTS;
import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x · wᵀ} for few rows of x and weights of four bits. With floats this is limited by
 * arithmetic, so it computes in 16-bit numbers, twice as many to a vector, with inputs rounded to 8
 * bits as {@link QuantizedInput} describes: the sum over a group is at most 32 · 8 · 127 = 32512
 * and therefore exact. An int is one row; the two sums in its halves are added when a group is
 * done.
 */
final class Int4Matvec {
    private static final int ROWS = Int4Tensor.ROWS;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;

    /** Factors of one group: an int holds those of two columns. */
    private static final int FACTORS = Int4Tensor.GROUP / 2;

    private Int4Matvec() {}

    /**
     * Sums of the rows of one block, larger than what the compiler inlines.
     *
     * @param at where the block begins in w
     * @param scaleAt where its scales begin
     * @param factors those of {@link QuantizedInput}, and so are starts and xScales
     */
    static void block(
            int[] w,
            int at,
            short[] scales,
            int scaleAt,
            int[] factors,
            int[] starts,
            float[] xScales,
            int groups,
            float[] sums) {
        FloatVector sumA = FloatVector.zero(SPECIES);
        FloatVector sumB = FloatVector.zero(SPECIES);
        int i = at;
        int f = 0;
        for (int g = 0; g < groups; g++) {
            ShortVector a = IntVector.broadcast(INTS, starts[g]).reinterpretAsShorts();
            ShortVector b = a;
            for (int end = f + FACTORS; f < end; f += 4, i += ROWS) {
                IntVector s = IntVector.fromArray(INTS, w, i);
                IntVector t = IntVector.fromArray(INTS, w, i + LANES);
                ShortVector f0 = IntVector.broadcast(INTS, factors[f]).reinterpretAsShorts();
                ShortVector f1 = IntVector.broadcast(INTS, factors[f + 1]).reinterpretAsShorts();
                ShortVector f2 = IntVector.broadcast(INTS, factors[f + 2]).reinterpretAsShorts();
                ShortVector f3 = IntVector.broadcast(INTS, factors[f + 3]).reinterpretAsShorts();
                a = s.reinterpretAsShorts().mul(f0).add(a);
                b = t.reinterpretAsShorts().mul(f0).add(b);
                a = s.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f1).add(a);
                b = t.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f1).add(b);
                a = s.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f2).add(a);
                b = t.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f2).add(b);
                a = s.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f3).add(a);
                b = t.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f3).add(b);
            }
            IntVector halvesA = a.reinterpretAsInts();
            IntVector halvesB = b.reinterpretAsInts();
            FloatVector groupA =
                    (FloatVector)
                            halvesA.add(halvesA.lanewise(VectorOperators.LSHL, 16))
                                    .lanewise(VectorOperators.ASHR, 16)
                                    .convertShape(VectorOperators.I2F, SPECIES, 0);
            FloatVector groupB =
                    (FloatVector)
                            halvesB.add(halvesB.lanewise(VectorOperators.LSHL, 16))
                                    .lanewise(VectorOperators.ASHR, 16)
                                    .convertShape(VectorOperators.I2F, SPECIES, 0);
            // Scales lie as pairs of rows r and r + LANES: one vector of ints for both sums.
            IntVector pairs =
                    ShortVector.fromArray(SHORTS, scales, scaleAt + g * ROWS).reinterpretAsInts();
            sumA =
                    groupA.mul(xScales[g])
                            .fma(
                                    pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats(),
                                    sumA);
            sumB = groupB.mul(xScales[g]).fma(pairs.and(0xFFFF0000).reinterpretAsFloats(), sumB);
        }
        sumA.intoArray(sums, 0);
        sumB.intoArray(sums, LANES);
    }
}
