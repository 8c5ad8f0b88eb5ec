package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.INTS;
import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.VectorMath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of bfloat16 rows, read directly from their file, with one row of inputs. Two weights are
 * read as one int, and one instruction (a shift or a mask) converts each to a float; the inputs are
 * therefore split into even and odd columns. Four rows at a time share the inputs. They are a
 * quarter of the block apart, so that the processor sees four long streams and keeps more reads in
 * flight than for one. Lanes are stored and added in a fixed order.
 */
final class Bf16Gemv {
    /**
     * Maximum number of rows per call; their lanes are kept in scratch memory until they are added
     * up.
     */
    static final int MAX_ROWS = 256;

    /** Columns per step. */
    private static final int STEP = 2 * LANES;

    private Bf16Gemv() {}

    /**
     * Rearranges a row of inputs for the kernel: in each step the even columns, then the odd ones.
     */
    static void split(float[] x, int at, int n, float[] target, int to) {
        int whole = n / STEP * STEP;
        for (int k = 0; k < whole; k += STEP) {
            for (int i = 0; i < LANES; i++) {
                target[to + k + i] = x[at + k + 2 * i];
                target[to + k + LANES + i] = x[at + k + 2 * i + 1];
            }
        }
        System.arraycopy(x, at + whole, target, to + whole, n - whole);
    }

    /**
     * Computes the products of {@code count} rows, at most {@link #MAX_ROWS}.
     *
     * @param at index of the first row's first value
     * @param x the inputs as arranged by {@link #split}, starting at xAt
     * @param sums receives one value per row
     * @param lanes scratch for a vector per row
     */
    static void mapped(
            MemorySegment w,
            long at,
            int count,
            float[] x,
            int xAt,
            int n,
            float[] sums,
            float[] lanes) {
        vectors(w, at, count, x, xAt, n, lanes);
        // Separate from the kernel: while waiting for a row's weights, these additions would fill
        // the processor's queue, and it could not run ahead to the next row.
        add(w, at, count, x, xAt, n, sums, lanes);
    }

    /** Computes the lanes of each row; too large for the compiler to inline. */
    private static void vectors(
            MemorySegment w, long at, int count, float[] x, int xAt, int n, float[] lanes) {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        int whole = n / STEP * STEP;
        int quarter = Math.ceilDiv(count, 4);
        for (int r = 0; r < quarter; r++) {
            // Where a quarter has no such row, the very last row is computed again.
            long row0 = 2 * (at + (long) r * n);
            long to1 = 2L * n * (Math.min(r + quarter, count - 1) - r);
            long to2 = 2L * n * (Math.min(r + 2 * quarter, count - 1) - r);
            long to3 = 2L * n * (Math.min(r + 3 * quarter, count - 1) - r);
            FloatVector even0 = FloatVector.zero(SPECIES);
            FloatVector even1 = FloatVector.zero(SPECIES);
            FloatVector even2 = FloatVector.zero(SPECIES);
            FloatVector even3 = FloatVector.zero(SPECIES);
            FloatVector odd0 = FloatVector.zero(SPECIES);
            FloatVector odd1 = FloatVector.zero(SPECIES);
            FloatVector odd2 = FloatVector.zero(SPECIES);
            FloatVector odd3 = FloatVector.zero(SPECIES);
            long i = row0;
            for (int k = 0; k < whole; k += STEP) {
                IntVector w0 = IntVector.fromMemorySegment(INTS, w, i, order);
                IntVector w1 = IntVector.fromMemorySegment(INTS, w, i + to1, order);
                IntVector w2 = IntVector.fromMemorySegment(INTS, w, i + to2, order);
                IntVector w3 = IntVector.fromMemorySegment(INTS, w, i + to3, order);
                FloatVector xEven = FloatVector.fromArray(SPECIES, x, xAt + k);
                FloatVector xOdd = FloatVector.fromArray(SPECIES, x, xAt + k + LANES);
                even0 =
                        w0.lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats()
                                .fma(xEven, even0);
                even1 =
                        w1.lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats()
                                .fma(xEven, even1);
                even2 =
                        w2.lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats()
                                .fma(xEven, even2);
                even3 =
                        w3.lanewise(VectorOperators.LSHL, 16)
                                .reinterpretAsFloats()
                                .fma(xEven, even3);
                odd0 = w0.and(0xFFFF0000).reinterpretAsFloats().fma(xOdd, odd0);
                odd1 = w1.and(0xFFFF0000).reinterpretAsFloats().fma(xOdd, odd1);
                odd2 = w2.and(0xFFFF0000).reinterpretAsFloats().fma(xOdd, odd2);
                odd3 = w3.and(0xFFFF0000).reinterpretAsFloats().fma(xOdd, odd3);
                i += 2L * STEP;
            }
            even0.add(odd0).intoArray(lanes, r * LANES);
            even1.add(odd1).intoArray(lanes, Math.min(r + quarter, count - 1) * LANES);
            even2.add(odd2).intoArray(lanes, Math.min(r + 2 * quarter, count - 1) * LANES);
            even3.add(odd3).intoArray(lanes, Math.min(r + 3 * quarter, count - 1) * LANES);
        }
    }

    /**
     * Adds up the lanes of every row, and the contribution of the columns after the last whole
     * step.
     */
    private static void add(
            MemorySegment w,
            long at,
            int count,
            float[] x,
            int xAt,
            int n,
            float[] sums,
            float[] lanes) {
        int whole = n / STEP * STEP;
        for (int r = 0; r < count; r++) {
            float sum = VectorMath.sumOfLanes(lanes, r * LANES);
            long from = 2 * (at + (long) r * n);
            for (int k = whole; k < n; k++) {
                float weight = Float.intBitsToFloat(w.get(MappedTensor.SHORT, from + 2L * k) << 16);
                sum = Math.fma(weight, x[xAt + k], sum);
            }
            sums[r] = sum;
        }
    }
}
