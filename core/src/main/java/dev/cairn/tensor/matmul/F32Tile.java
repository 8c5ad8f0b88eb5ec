package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.VectorMath;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Products of four float rows in a file with four rows of inputs: each value is loaded once for
 * four products. Every product has the same bits as from {@link F32Gemv}. There, the four sums of a
 * product are computed in parallel; here, the sixteen products are, and their four sums follow one
 * after another.
 */
final class F32Tile {
    /** Number of rows of weights, and of rows of inputs. */
    static final int ROWS = 4;

    private static final int PRODUCTS = ROWS * ROWS;

    /** Length of the scratch array that a call needs: four vectors per product. */
    static final int LANES_NEEDED = 4 * PRODUCTS * LANES;

    private F32Tile() {}

    /**
     * Computes all products of rows of weights with rows of inputs.
     *
     * @param at start of the first row of weights, in values; count rows are needed
     * @param apart distance between the rows of weights, in rows: each is a long stream of its own,
     *     which the processor prefetches while it multiplies
     * @param xAt start of the first row of inputs; xCount rows are needed
     * @param n number of columns
     * @param sums receives the products, {@link #ROWS} for each row of weights
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
        int whole = n / (4 * LANES) * (4 * LANES);
        for (int phase = 0; phase < 4; phase++) {
            // Where there are fewer rows, the last one is computed again.
            vectors(
                    w,
                    4 * at,
                    4 * (at + (long) apart * n * Math.min(1, count - 1)),
                    4 * (at + (long) apart * n * Math.min(2, count - 1)),
                    4 * (at + (long) apart * n * Math.min(3, count - 1)),
                    x,
                    xAt,
                    xAt + n * Math.min(1, xCount - 1),
                    xAt + n * Math.min(2, xCount - 1),
                    xAt + n * Math.min(3, xCount - 1),
                    phase * LANES,
                    whole,
                    phase == 0 ? n : whole,
                    lanes,
                    phase * PRODUCTS * LANES);
        }
        for (int i = 0; i < PRODUCTS * LANES; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, lanes, i);
            FloatVector b = FloatVector.fromArray(SPECIES, lanes, i + PRODUCTS * LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, lanes, i + 2 * PRODUCTS * LANES);
            FloatVector d = FloatVector.fromArray(SPECIES, lanes, i + 3 * PRODUCTS * LANES);
            a.add(b).add(c.add(d)).intoArray(lanes, i);
        }
        VectorMath.sumsOfLanes(lanes, PRODUCTS, sums);
        for (int k = n / LANES * LANES; k < n; k++) {
            for (int r = 0; r < count; r++) {
                float weight = w.get(MappedTensor.FLOAT, 4 * (at + (long) r * apart * n + k));
                for (int m = 0; m < xCount; m++) {
                    sums[ROWS * r + m] = Math.fma(weight, x[xAt + m * n + k], sums[ROWS * r + m]);
                }
            }
        }
    }

    /**
     * Computes one of the four sums of each product, without adding up its lanes. Too large for the
     * compiler to inline.
     *
     * @param from the first column of the steps of four vectors
     * @param whole end of the whole steps
     * @param end end of the remaining single vectors, which belong to the first sum
     */
    private static void vectors(
            MemorySegment w,
            long at0,
            long at1,
            long at2,
            long at3,
            float[] x,
            int xAt0,
            int xAt1,
            int xAt2,
            int xAt3,
            int from,
            int whole,
            int end,
            float[] lanes,
            int to) {
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = FloatVector.zero(SPECIES);
        FloatVector s02 = FloatVector.zero(SPECIES);
        FloatVector s03 = FloatVector.zero(SPECIES);
        FloatVector s10 = FloatVector.zero(SPECIES);
        FloatVector s11 = FloatVector.zero(SPECIES);
        FloatVector s12 = FloatVector.zero(SPECIES);
        FloatVector s13 = FloatVector.zero(SPECIES);
        FloatVector s20 = FloatVector.zero(SPECIES);
        FloatVector s21 = FloatVector.zero(SPECIES);
        FloatVector s22 = FloatVector.zero(SPECIES);
        FloatVector s23 = FloatVector.zero(SPECIES);
        FloatVector s30 = FloatVector.zero(SPECIES);
        FloatVector s31 = FloatVector.zero(SPECIES);
        FloatVector s32 = FloatVector.zero(SPECIES);
        FloatVector s33 = FloatVector.zero(SPECIES);
        for (int k = from; k < whole; k += 4 * LANES) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, xAt0 + k);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, xAt1 + k);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, xAt2 + k);
            FloatVector x3 = FloatVector.fromArray(SPECIES, x, xAt3 + k);
            FloatVector w0 = FloatVector.fromMemorySegment(SPECIES, w, at0 + 4L * k, order);
            s00 = w0.fma(x0, s00);
            s01 = w0.fma(x1, s01);
            s02 = w0.fma(x2, s02);
            s03 = w0.fma(x3, s03);
            FloatVector w1 = FloatVector.fromMemorySegment(SPECIES, w, at1 + 4L * k, order);
            s10 = w1.fma(x0, s10);
            s11 = w1.fma(x1, s11);
            s12 = w1.fma(x2, s12);
            s13 = w1.fma(x3, s13);
            FloatVector w2 = FloatVector.fromMemorySegment(SPECIES, w, at2 + 4L * k, order);
            s20 = w2.fma(x0, s20);
            s21 = w2.fma(x1, s21);
            s22 = w2.fma(x2, s22);
            s23 = w2.fma(x3, s23);
            FloatVector w3 = FloatVector.fromMemorySegment(SPECIES, w, at3 + 4L * k, order);
            s30 = w3.fma(x0, s30);
            s31 = w3.fma(x1, s31);
            s32 = w3.fma(x2, s32);
            s33 = w3.fma(x3, s33);
        }
        for (int k = whole; k + LANES <= end; k += LANES) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, x, xAt0 + k);
            FloatVector x1 = FloatVector.fromArray(SPECIES, x, xAt1 + k);
            FloatVector x2 = FloatVector.fromArray(SPECIES, x, xAt2 + k);
            FloatVector x3 = FloatVector.fromArray(SPECIES, x, xAt3 + k);
            FloatVector w0 = FloatVector.fromMemorySegment(SPECIES, w, at0 + 4L * k, order);
            s00 = w0.fma(x0, s00);
            s01 = w0.fma(x1, s01);
            s02 = w0.fma(x2, s02);
            s03 = w0.fma(x3, s03);
            FloatVector w1 = FloatVector.fromMemorySegment(SPECIES, w, at1 + 4L * k, order);
            s10 = w1.fma(x0, s10);
            s11 = w1.fma(x1, s11);
            s12 = w1.fma(x2, s12);
            s13 = w1.fma(x3, s13);
            FloatVector w2 = FloatVector.fromMemorySegment(SPECIES, w, at2 + 4L * k, order);
            s20 = w2.fma(x0, s20);
            s21 = w2.fma(x1, s21);
            s22 = w2.fma(x2, s22);
            s23 = w2.fma(x3, s23);
            FloatVector w3 = FloatVector.fromMemorySegment(SPECIES, w, at3 + 4L * k, order);
            s30 = w3.fma(x0, s30);
            s31 = w3.fma(x1, s31);
            s32 = w3.fma(x2, s32);
            s33 = w3.fma(x3, s33);
        }
        s00.intoArray(lanes, to + 0 * LANES);
        s01.intoArray(lanes, to + 1 * LANES);
        s02.intoArray(lanes, to + 2 * LANES);
        s03.intoArray(lanes, to + 3 * LANES);
        s10.intoArray(lanes, to + 4 * LANES);
        s11.intoArray(lanes, to + 5 * LANES);
        s12.intoArray(lanes, to + 6 * LANES);
        s13.intoArray(lanes, to + 7 * LANES);
        s20.intoArray(lanes, to + 8 * LANES);
        s21.intoArray(lanes, to + 9 * LANES);
        s22.intoArray(lanes, to + 10 * LANES);
        s23.intoArray(lanes, to + 11 * LANES);
        s30.intoArray(lanes, to + 12 * LANES);
        s31.intoArray(lanes, to + 13 * LANES);
        s32.intoArray(lanes, to + 14 * LANES);
        s33.intoArray(lanes, to + 15 * LANES);
    }
}
