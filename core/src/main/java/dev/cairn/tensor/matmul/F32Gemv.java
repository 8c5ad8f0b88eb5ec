package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.VectorMath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Products of float rows, read in place on the heap or in a mapped file, with one row of inputs.
 * Uses four independent sums, since dependent additions wait for each other; lanes are stored and
 * added in a fixed order.
 */
final class F32Gemv {
    private F32Gemv() {}

    /**
     * Computes the products of {@code count} rows.
     *
     * @param at start of the first row
     * @param sums receives one value per row
     * @param lanes scratch for one vector
     */
    static void heap(
            float[] w, int at, int count, float[] x, int xAt, int n, float[] sums, float[] lanes) {
        int whole = n / (4 * LANES) * (4 * LANES);
        for (int r = 0; r < count; r++) {
            int row = at + r * n;
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = FloatVector.zero(SPECIES);
            FloatVector c = FloatVector.zero(SPECIES);
            FloatVector d = FloatVector.zero(SPECIES);
            int k = 0;
            for (; k < whole; k += 4 * LANES) {
                a =
                        FloatVector.fromArray(SPECIES, w, row + k)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
                b =
                        FloatVector.fromArray(SPECIES, w, row + k + LANES)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k + LANES), b);
                c =
                        FloatVector.fromArray(SPECIES, w, row + k + 2 * LANES)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k + 2 * LANES), c);
                d =
                        FloatVector.fromArray(SPECIES, w, row + k + 3 * LANES)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k + 3 * LANES), d);
            }
            for (; k + LANES <= n; k += LANES) {
                a =
                        FloatVector.fromArray(SPECIES, w, row + k)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
            }
            a.add(b).add(c.add(d)).intoArray(lanes, 0);
            float sum = VectorMath.sumOfLanes(lanes, 0);
            for (; k < n; k++) {
                sum = Math.fma(w[row + k], x[xAt + k], sum);
            }
            sums[r] = sum;
        }
    }

    /**
     * Like {@link #heap}, for rows too short for vectors, such as those of an adapter's second
     * matrix: summing lanes would cost more than the row itself.
     */
    static void narrow(float[] w, int at, int count, float[] x, int xAt, int n, float[] sums) {
        for (int r = 0; r < count; r++) {
            int row = at + r * n;
            float sum = 0;
            for (int k = 0; k < n; k++) {
                sum = Math.fma(w[row + k], x[xAt + k], sum);
            }
            sums[r] = sum;
        }
    }

    /** Like {@link #heap}, for weights in a file; {@code at} counts values, not bytes. */
    static void mapped(
            MemorySegment w,
            long at,
            int count,
            float[] x,
            int xAt,
            int n,
            float[] sums,
            float[] lanes) {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        int whole = n / (4 * LANES) * (4 * LANES);
        for (int r = 0; r < count; r++) {
            long row = 4 * (at + (long) r * n);
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = FloatVector.zero(SPECIES);
            FloatVector c = FloatVector.zero(SPECIES);
            FloatVector d = FloatVector.zero(SPECIES);
            int k = 0;
            for (; k < whole; k += 4 * LANES) {
                long i = row + 4L * k;
                a =
                        FloatVector.fromMemorySegment(SPECIES, w, i, order)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
                b =
                        FloatVector.fromMemorySegment(SPECIES, w, i + 4L * LANES, order)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k + LANES), b);
                c =
                        FloatVector.fromMemorySegment(SPECIES, w, i + 8L * LANES, order)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k + 2 * LANES), c);
                d =
                        FloatVector.fromMemorySegment(SPECIES, w, i + 12L * LANES, order)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k + 3 * LANES), d);
            }
            for (; k + LANES <= n; k += LANES) {
                a =
                        FloatVector.fromMemorySegment(SPECIES, w, row + 4L * k, order)
                                .fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
            }
            a.add(b).add(c.add(d)).intoArray(lanes, 0);
            float sum = VectorMath.sumOfLanes(lanes, 0);
            for (; k < n; k++) {
                sum = Math.fma(w.get(MappedTensor.FLOAT, row + 4L * k), x[xAt + k], sum);
            }
            sums[r] = sum;
        }
    }
}
