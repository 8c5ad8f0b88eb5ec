package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.INTS;
import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Quantized;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One row of inputs as integers from −127 to 127, with a scale for every 32 columns, prepared for
 * {@link Int4Gemv}: {@code x[k] ≈ scale[k / 32] · q[k]}.
 *
 * <p>The kernel multiplies 16-bit numbers, and extracting single four-bit weights would cost extra
 * instructions; it only shifts ints of eight weights {@code w0 .. w7}. After a right shift by 4·j,
 * the lower half of an int is {@code t[j] = w[j] + 16·w[j+1] + 256·w[j+2] + 4096·w[j+3]}, the upper
 * half {@code t[j+4]}, with zeros beyond w7; so {@code w[j] = t[j] − 16·t[j+1]}, and {@code Σ
 * w[j]·q[j] = Σ t[j]·(q[j] − 16·q[j−1])} modulo 2^16. This class prepares these factors.
 */
final class QuantizedInput {
    private static final int GROUP = Int4Tensor.GROUP;
    private static final int GREATEST = 127;
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(Quantized.ROUNDER);

    /** 16 for columns with a predecessor in their int, otherwise 0. */
    private static final int[] BEFORE = before();

    /**
     * Factors for the kernel: of each eight columns, the factors of columns j and j + 4 are the
     * halves of an int.
     */
    int[] factors = new int[0];

    /**
     * Initial values of the kernel's sums, one per group: −8 · Σ q, in the lower half of an int.
     */
    int[] starts = new int[0];

    float[] scales = new float[0];
    private int[] single = new int[0];
    private float[] padded = new float[0];

    /** q[k] at index 1 + k, so that every column has a predecessor. */
    private int[] q = new int[1];

    private static int[] before() {
        int[] before = new int[GROUP];
        Arrays.setAll(before, k -> k % Int4Tensor.PACK == 0 ? 0 : 16);
        return before;
    }

    void set(float[] x, int at, int n) {
        int groups = Int4Tensor.groups(n);
        if (starts.length < groups) {
            factors = new int[groups * GROUP / 2];
            single = new int[groups * GROUP];
            starts = new int[groups];
            scales = new float[groups];
            padded = new float[groups * GROUP];
            q = new int[1 + groups * GROUP];
        }
        System.arraycopy(x, at, padded, 0, n);
        Arrays.fill(padded, n, groups * GROUP, 0f);
        quantize(padded, groups, q, single, factors, starts, scales);
    }

    /** The dequantized value of a column. */
    double get(int k) {
        return scales[k / GROUP] * (double) q[1 + k];
    }

    private static void quantize(
            float[] x,
            int groups,
            int[] q,
            int[] single,
            int[] factors,
            int[] starts,
            float[] scales) {
        for (int g = 0; g < groups; g++) {
            int from = g * GROUP;
            FloatVector greatest = FloatVector.zero(SPECIES);
            for (int i = 0; i < GROUP; i += LANES) {
                greatest = greatest.max(FloatVector.fromArray(SPECIES, x, from + i).abs());
            }
            float scale = greatest.reduceLanes(VectorOperators.MAX) / GREATEST;
            float inverse = scale < Float.MIN_NORMAL ? 0 : 1 / scale;
            IntVector sum = IntVector.zero(INTS);
            for (int i = 0; i < GROUP; i += LANES) {
                IntVector rounded =
                        FloatVector.fromArray(SPECIES, x, from + i)
                                .mul(inverse)
                                .add(Quantized.ROUNDER)
                                .reinterpretAsInts()
                                .sub(ROUNDER_BITS);
                rounded.intoArray(q, 1 + from + i);
                sum = sum.add(rounded);
            }
            for (int i = 0; i < GROUP; i += LANES) {
                IntVector factor =
                        IntVector.fromArray(INTS, q, 1 + from + i)
                                .sub(
                                        IntVector.fromArray(INTS, q, from + i)
                                                .mul(IntVector.fromArray(INTS, BEFORE, i)));
                factor.intoArray(single, from + i);
            }
            // Integer sums do not depend on their order. A NaN must not become a number.
            int start = -Int4Tensor.ZERO * sum.reduceLanes(VectorOperators.ADD);
            starts[g] = start & 0xFFFF;
            scales[g] = Float.isFinite(scale) ? scale : Float.NaN;
        }
        for (int k = 0; k < groups * GROUP; k += 8) {
            for (int j = 0; j < 4; j++) {
                factors[k / 2 + j] = (single[k + j] & 0xFFFF) | (single[k + j + 4] << 16);
            }
        }
    }
}
