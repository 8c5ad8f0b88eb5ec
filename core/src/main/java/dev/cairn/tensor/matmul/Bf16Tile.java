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
 * Products of three bfloat16 rows in a file with four rows of inputs, arranged by {@link
 * Bf16Gemv#split}: each weight is converted to float once for four products. Every product has the
 * same bits as from {@link Bf16Gemv}.
 */
final class Bf16Tile {
    /** Rows of weights. */
    static final int ROWS = 3;

    /** Rows of inputs. */
    static final int INPUTS = 4;

    private static final int PRODUCTS = ROWS * INPUTS;

    /** Length of the scratch array that a call needs. */
    static final int LANES_NEEDED = PRODUCTS * LANES;

    private static final int STEP = 2 * LANES;

    private Bf16Tile() {}

    /**
     * Computes all products of rows of weights with rows of inputs.
     *
     * @param at start of the first row of weights, in values; count rows are needed
     * @param apart distance between the rows of weights, in rows: each is a long stream of its own,
     *     which the processor prefetches while it multiplies
     * @param xAt start of the first row of inputs; xCount rows are needed
     * @param n number of columns
     * @param sums receives the products, {@link #INPUTS} for each row of weights
     * @param lanes scratch of {@link #LANES_NEEDED}
     */
    static void products(
            MemorySegment w,
            long at,
            int apart,
            int count,
            float[] x,
            int xAt,
            int xCount,
            int n,
            float[] sums,
            float[] lanes) {
        int whole = n / STEP * STEP;
        // Where there are fewer rows, the last one is computed again.
        vectors(
                w,
                2 * at,
                2 * (at + (long) apart * n * Math.min(1, count - 1)),
                2 * (at + (long) apart * n * Math.min(2, count - 1)),
                x,
                xAt,
                xAt + n * Math.min(1, xCount - 1),
                xAt + n * Math.min(2, xCount - 1),
                xAt + n * Math.min(3, xCount - 1),
                whole,
                lanes);
        VectorMath.sumsOfLanes(lanes, PRODUCTS, sums);
        for (int k = whole; k < n; k++) {
            for (int r = 0; r < count; r++) {
                long place = 2 * (at + (long) r * apart * n + k);
                float weight = Float.intBitsToFloat(w.get(MappedTensor.SHORT, place) << 16);
                for (int m = 0; m < xCount; m++) {
                    int to = INPUTS * r + m;
                    sums[to] = Math.fma(weight, x[xAt + m * n + k], sums[to]);
                }
            }
        }
    }

    /** Computes the lanes of each product; too large for the compiler to inline. */
    private static void vectors(
            MemorySegment w,
            long at0,
            long at1,
            long at2,
            float[] x,
            int xAt0,
            int xAt1,
            int xAt2,
            int xAt3,
            int whole,
            float[] lanes) {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        FloatVector even00 = FloatVector.zero(SPECIES);
        FloatVector even01 = FloatVector.zero(SPECIES);
        FloatVector even02 = FloatVector.zero(SPECIES);
        FloatVector even03 = FloatVector.zero(SPECIES);
        FloatVector even10 = FloatVector.zero(SPECIES);
        FloatVector even11 = FloatVector.zero(SPECIES);
        FloatVector even12 = FloatVector.zero(SPECIES);
        FloatVector even13 = FloatVector.zero(SPECIES);
        FloatVector even20 = FloatVector.zero(SPECIES);
        FloatVector even21 = FloatVector.zero(SPECIES);
        FloatVector even22 = FloatVector.zero(SPECIES);
        FloatVector even23 = FloatVector.zero(SPECIES);
        FloatVector odd00 = FloatVector.zero(SPECIES);
        FloatVector odd01 = FloatVector.zero(SPECIES);
        FloatVector odd02 = FloatVector.zero(SPECIES);
        FloatVector odd03 = FloatVector.zero(SPECIES);
        FloatVector odd10 = FloatVector.zero(SPECIES);
        FloatVector odd11 = FloatVector.zero(SPECIES);
        FloatVector odd12 = FloatVector.zero(SPECIES);
        FloatVector odd13 = FloatVector.zero(SPECIES);
        FloatVector odd20 = FloatVector.zero(SPECIES);
        FloatVector odd21 = FloatVector.zero(SPECIES);
        FloatVector odd22 = FloatVector.zero(SPECIES);
        FloatVector odd23 = FloatVector.zero(SPECIES);
        for (int k = 0; k < whole; k += STEP) {
            IntVector w0 = IntVector.fromMemorySegment(INTS, w, at0 + 2L * k, order);
            FloatVector wEven0 = w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            IntVector w1 = IntVector.fromMemorySegment(INTS, w, at1 + 2L * k, order);
            FloatVector wEven1 = w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            IntVector w2 = IntVector.fromMemorySegment(INTS, w, at2 + 2L * k, order);
            FloatVector wEven2 = w2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            FloatVector xEven0 = FloatVector.fromArray(SPECIES, x, xAt0 + k);
            even00 = wEven0.fma(xEven0, even00);
            even10 = wEven1.fma(xEven0, even10);
            even20 = wEven2.fma(xEven0, even20);
            FloatVector xEven1 = FloatVector.fromArray(SPECIES, x, xAt1 + k);
            even01 = wEven0.fma(xEven1, even01);
            even11 = wEven1.fma(xEven1, even11);
            even21 = wEven2.fma(xEven1, even21);
            FloatVector xEven2 = FloatVector.fromArray(SPECIES, x, xAt2 + k);
            even02 = wEven0.fma(xEven2, even02);
            even12 = wEven1.fma(xEven2, even12);
            even22 = wEven2.fma(xEven2, even22);
            FloatVector xEven3 = FloatVector.fromArray(SPECIES, x, xAt3 + k);
            even03 = wEven0.fma(xEven3, even03);
            even13 = wEven1.fma(xEven3, even13);
            even23 = wEven2.fma(xEven3, even23);
            FloatVector wOdd0 = w0.and(0xFFFF0000).reinterpretAsFloats();
            FloatVector wOdd1 = w1.and(0xFFFF0000).reinterpretAsFloats();
            FloatVector wOdd2 = w2.and(0xFFFF0000).reinterpretAsFloats();
            FloatVector xOdd0 = FloatVector.fromArray(SPECIES, x, xAt0 + k + LANES);
            odd00 = wOdd0.fma(xOdd0, odd00);
            odd10 = wOdd1.fma(xOdd0, odd10);
            odd20 = wOdd2.fma(xOdd0, odd20);
            FloatVector xOdd1 = FloatVector.fromArray(SPECIES, x, xAt1 + k + LANES);
            odd01 = wOdd0.fma(xOdd1, odd01);
            odd11 = wOdd1.fma(xOdd1, odd11);
            odd21 = wOdd2.fma(xOdd1, odd21);
            FloatVector xOdd2 = FloatVector.fromArray(SPECIES, x, xAt2 + k + LANES);
            odd02 = wOdd0.fma(xOdd2, odd02);
            odd12 = wOdd1.fma(xOdd2, odd12);
            odd22 = wOdd2.fma(xOdd2, odd22);
            FloatVector xOdd3 = FloatVector.fromArray(SPECIES, x, xAt3 + k + LANES);
            odd03 = wOdd0.fma(xOdd3, odd03);
            odd13 = wOdd1.fma(xOdd3, odd13);
            odd23 = wOdd2.fma(xOdd3, odd23);
        }
        even00.add(odd00).intoArray(lanes, 0 * LANES);
        even01.add(odd01).intoArray(lanes, 1 * LANES);
        even02.add(odd02).intoArray(lanes, 2 * LANES);
        even03.add(odd03).intoArray(lanes, 3 * LANES);
        even10.add(odd10).intoArray(lanes, 4 * LANES);
        even11.add(odd11).intoArray(lanes, 5 * LANES);
        even12.add(odd12).intoArray(lanes, 6 * LANES);
        even13.add(odd13).intoArray(lanes, 7 * LANES);
        even20.add(odd20).intoArray(lanes, 8 * LANES);
        even21.add(odd21).intoArray(lanes, 9 * LANES);
        even22.add(odd22).intoArray(lanes, 10 * LANES);
        even23.add(odd23).intoArray(lanes, 11 * LANES);
    }
}
