package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.INTS;
import static dev.cairn.tensor.block.BlockVectors.SHORTS;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** Products of a row of weights as {@link Codes} with a row of integers, in every group of 32. */
final class CodeProducts {
    private CodeProducts() {}

    /** Two products fit in 16 bits; then neighbouring lanes are added in 32. */
    static void groupsOf32(
            short[] w, float[] scales, short[] x, float[] xScales, int groups, float[] lanes) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int g = 0; g < groups; g++) {
            int at = g * 32;
            IntVector total = IntVector.zero(INTS);
            for (int i = 0; i < 16; i += SHORT_LANES) {
                IntVector pairs =
                        ShortVector.fromArray(SHORTS, w, at + i)
                                .mul(ShortVector.fromArray(SHORTS, x, at + i))
                                .add(
                                        ShortVector.fromArray(SHORTS, w, at + 16 + i)
                                                .mul(ShortVector.fromArray(SHORTS, x, at + 16 + i)))
                                .reinterpretAsInts();
                total =
                        total.add(
                                pairs.lanewise(VectorOperators.LSHL, 16)
                                        .lanewise(VectorOperators.ASHR, 16)
                                        .add(pairs.lanewise(VectorOperators.ASHR, 16)));
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, scales[g] * xScales[g]);
            sum =
                    ((FloatVector) total.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(scale, sum);
        }
        sum.intoArray(lanes, 0);
    }

    /** Like {@link #groupsOf32}, but each half of a group of inputs meets a scale of its own. */
    static void groupsOf16(
            short[] w, float[] scales, short[] x, float[] xScales, int groups, float[] lanes) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int g = 0; g < 2 * groups; g++) {
            int at = g * 16;
            IntVector total = IntVector.zero(INTS);
            for (int i = 0; i < 16; i += SHORT_LANES) {
                IntVector pairs =
                        ShortVector.fromArray(SHORTS, w, at + i)
                                .mul(ShortVector.fromArray(SHORTS, x, at + i))
                                .reinterpretAsInts();
                total =
                        total.add(
                                pairs.lanewise(VectorOperators.LSHL, 16)
                                        .lanewise(VectorOperators.ASHR, 16)
                                        .add(pairs.lanewise(VectorOperators.ASHR, 16)));
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, scales[g] * xScales[g / 2]);
            sum =
                    ((FloatVector) total.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(scale, sum);
        }
        sum.intoArray(lanes, 0);
    }
}
