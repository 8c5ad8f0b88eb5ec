package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Int8Tensor;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a block of signed bytes with four rows of inputs: each weight is converted to float
 * once for four products. Every product has the same bits as from {@link Int8Gemv}.
 */
final class Int8Tile {
    /** Rows of inputs. */
    static final int INPUTS = 4;

    private static final int ROWS = Int8Tensor.ROWS;

    /** As many bytes as a vector has floats; there is no vector of 4 bytes. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));

    private Int8Tile() {}

    /** Whether vectors are wide enough. */
    static boolean isPossible() {
        return BYTES.length() == LANES;
    }

    /**
     * Computes the unscaled sums of the rows of one block with rows of inputs.
     *
     * @param at start of the block
     * @param xAt start of the first row of inputs; xCount rows are needed
     * @param n number of columns
     * @param sums receives the rows' sums of each input, one input after the other
     */
    static void products(byte[] w, int at, float[] x, int xAt, int xCount, int n, float[] sums) {
        // Where there are fewer rows, the last one is computed again.
        int xAt1 = xAt + n * Math.min(1, xCount - 1);
        int xAt2 = xAt + n * Math.min(2, xCount - 1);
        int xAt3 = xAt + n * Math.min(3, xCount - 1);
        for (int r = 0; r < ROWS; r += 2 * LANES) {
            vectors(w, at + r, x, xAt, xAt1, xAt2, xAt3, n, sums, r);
        }
        if (n % 2 != 0) {
            for (int m = 0; m < xCount; m++) {
                lastColumn(w, at + (n - 1) * ROWS, x[xAt + m * n + n - 1], sums, m * ROWS);
            }
        }
    }

    private static void lastColumn(byte[] w, int at, float x, float[] sums, int to) {
        for (int r = 0; r < ROWS; r++) {
            sums[to + r] = Math.fma(w[at + r], x, sums[to + r]);
        }
    }

    /** Computes two vectors of rows; too large for the compiler to inline. */
    private static void vectors(
            byte[] w,
            int at,
            float[] x,
            int xAt0,
            int xAt1,
            int xAt2,
            int xAt3,
            int n,
            float[] sums,
            int to) {
        FloatVector even00 = FloatVector.zero(SPECIES);
        FloatVector even01 = FloatVector.zero(SPECIES);
        FloatVector even02 = FloatVector.zero(SPECIES);
        FloatVector even03 = FloatVector.zero(SPECIES);
        FloatVector even10 = FloatVector.zero(SPECIES);
        FloatVector even11 = FloatVector.zero(SPECIES);
        FloatVector even12 = FloatVector.zero(SPECIES);
        FloatVector even13 = FloatVector.zero(SPECIES);
        FloatVector odd00 = FloatVector.zero(SPECIES);
        FloatVector odd01 = FloatVector.zero(SPECIES);
        FloatVector odd02 = FloatVector.zero(SPECIES);
        FloatVector odd03 = FloatVector.zero(SPECIES);
        FloatVector odd10 = FloatVector.zero(SPECIES);
        FloatVector odd11 = FloatVector.zero(SPECIES);
        FloatVector odd12 = FloatVector.zero(SPECIES);
        FloatVector odd13 = FloatVector.zero(SPECIES);
        int i = at;
        for (int k = 0; k < n - 1; k += 2) {
            FloatVector evenW0 =
                    (FloatVector)
                            ByteVector.fromArray(BYTES, w, i)
                                    .convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector evenW1 =
                    (FloatVector)
                            ByteVector.fromArray(BYTES, w, i + LANES)
                                    .convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector evenX0 = FloatVector.broadcast(SPECIES, x[xAt0 + k]);
            even00 = evenW0.fma(evenX0, even00);
            even10 = evenW1.fma(evenX0, even10);
            FloatVector evenX1 = FloatVector.broadcast(SPECIES, x[xAt1 + k]);
            even01 = evenW0.fma(evenX1, even01);
            even11 = evenW1.fma(evenX1, even11);
            FloatVector evenX2 = FloatVector.broadcast(SPECIES, x[xAt2 + k]);
            even02 = evenW0.fma(evenX2, even02);
            even12 = evenW1.fma(evenX2, even12);
            FloatVector evenX3 = FloatVector.broadcast(SPECIES, x[xAt3 + k]);
            even03 = evenW0.fma(evenX3, even03);
            even13 = evenW1.fma(evenX3, even13);
            FloatVector oddW0 =
                    (FloatVector)
                            ByteVector.fromArray(BYTES, w, i + ROWS)
                                    .convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector oddW1 =
                    (FloatVector)
                            ByteVector.fromArray(BYTES, w, i + ROWS + LANES)
                                    .convertShape(VectorOperators.B2F, SPECIES, 0);
            FloatVector oddX0 = FloatVector.broadcast(SPECIES, x[xAt0 + k + 1]);
            odd00 = oddW0.fma(oddX0, odd00);
            odd10 = oddW1.fma(oddX0, odd10);
            FloatVector oddX1 = FloatVector.broadcast(SPECIES, x[xAt1 + k + 1]);
            odd01 = oddW0.fma(oddX1, odd01);
            odd11 = oddW1.fma(oddX1, odd11);
            FloatVector oddX2 = FloatVector.broadcast(SPECIES, x[xAt2 + k + 1]);
            odd02 = oddW0.fma(oddX2, odd02);
            odd12 = oddW1.fma(oddX2, odd12);
            FloatVector oddX3 = FloatVector.broadcast(SPECIES, x[xAt3 + k + 1]);
            odd03 = oddW0.fma(oddX3, odd03);
            odd13 = oddW1.fma(oddX3, odd13);
            i += 2 * ROWS;
        }
        even00.add(odd00).intoArray(sums, to + 0 * ROWS);
        even10.add(odd10).intoArray(sums, to + 0 * ROWS + LANES);
        even01.add(odd01).intoArray(sums, to + 1 * ROWS);
        even11.add(odd11).intoArray(sums, to + 1 * ROWS + LANES);
        even02.add(odd02).intoArray(sums, to + 2 * ROWS);
        even12.add(odd12).intoArray(sums, to + 2 * ROWS + LANES);
        even03.add(odd03).intoArray(sums, to + 3 * ROWS);
        even13.add(odd13).intoArray(sums, to + 3 * ROWS + LANES);
    }
}
