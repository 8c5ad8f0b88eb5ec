package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.INTS;
import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Quantized;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One row of inputs as integers with a scale for every 32 columns, for {@link BlockGemv}: {@code
 * x[k] ≈ scales[k / 32] · q[k]}. How large the integers may be depends on the format of the weights
 * ({@link dev.cairn.tensor.block.BlockFormat#greatestInput}): up to 2047 for those of four bits.
 * llama.cpp has 127 for all, which cost SmolLM2-135M in Q4_1 0.8 % of perplexity.
 */
final class BlockInput {
    static final int GROUP = 32;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(Quantized.ROUNDER);

    short[] q = new short[0];
    float[] scales = new float[0];

    /** Of every group, scale · Σ q. */
    float[] sums = new float[0];

    private int[] wide = new int[0];

    /**
     * Rounds a row.
     *
     * @param n a multiple of 32
     * @param greatestInteger what the greatest input of a group becomes
     */
    void set(float[] x, int at, int n, int greatestInteger) {
        if (q.length < n) {
            q = new short[n];
            wide = new int[n];
            scales = new float[n / GROUP];
            sums = new float[n / GROUP];
        }
        round(x, at, n / GROUP, greatestInteger, wide, scales, sums);
        for (int k = 0; k < n; k++) {
            q[k] = (short) wide[k];
        }
    }

    /** The value that a column was rounded to. */
    double get(int k) {
        return scales[k / GROUP] * (double) q[k];
    }

    private static void round(
            float[] x,
            int at,
            int groups,
            int greatestInteger,
            int[] q,
            float[] scales,
            float[] sums) {
        for (int g = 0; g < groups; g++) {
            int from = at + g * GROUP;
            FloatVector greatest = FloatVector.zero(SPECIES);
            for (int i = 0; i < GROUP; i += LANES) {
                greatest = greatest.max(FloatVector.fromArray(SPECIES, x, from + i).abs());
            }
            float scale = greatest.reduceLanes(VectorOperators.MAX) / greatestInteger;
            float inverse = scale < Float.MIN_NORMAL ? 0 : 1 / scale;
            IntVector sum = IntVector.zero(INTS);
            for (int i = 0; i < GROUP; i += LANES) {
                IntVector rounded =
                        FloatVector.fromArray(SPECIES, x, from + i)
                                .mul(inverse)
                                .add(Quantized.ROUNDER)
                                .reinterpretAsInts()
                                .sub(ROUNDER_BITS);
                rounded.intoArray(q, g * GROUP + i);
                sum = sum.add(rounded);
            }
            // A NaN must not become a number. Integer sums do not depend on their order.
            scales[g] = Float.isFinite(scale) ? scale : Float.NaN;
            sums[g] = scales[g] * sum.reduceLanes(VectorOperators.ADD);
        }
    }
}
