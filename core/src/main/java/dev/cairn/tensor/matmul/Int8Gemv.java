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
 * {@code y = x · wᵀ} for few rows of x and weights in signed bytes, limited by memory: three
 * forward streams of weights per thread, with one row's sum in each lane. A processor prefetches
 * each stream by a few lines, and the arithmetic on a line is too long for it to run far ahead
 * itself, so three streams keep more reads in flight than one (measured:
 * docs/performance-history.md). The sum of a row is the sum of its even columns plus the sum of its
 * odd columns, for any vector width.
 */
public final class Int8Gemv {
    /** Blocks of weights read in parallel. */
    static final int BLOCKS = 3;

    private static final int ROWS = Int8Tensor.ROWS;

    /** As many bytes as a vector has floats; there is no vector of 4 bytes. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));

    private Int8Gemv() {}

    /**
     * Computes the unscaled sums of the rows of three blocks of weights.
     *
     * @param at start of the first block
     * @param toB offset of the second block from the first; with fewer than three blocks, one is
     *     repeated
     * @param toC offset of the third block from the first
     * @param sums receives {@link #BLOCKS} times as many numbers as a block has rows
     */
    static void blocks(
            byte[] w, int at, int toB, int toC, float[] x, int xAt, int n, float[] sums) {
        if (BYTES.length() == LANES) {
            vectors(w, at, toB, toC, x, xAt, n, sums);
            if (n % 2 != 0) {
                lastColumn(w, at + (n - 1) * ROWS, toB, toC, x[xAt + n - 1], sums);
            }
        } else {
            loops(w, at, x, xAt, n, sums, 0);
            loops(w, at + toB, x, xAt, n, sums, ROWS);
            loops(w, at + toC, x, xAt, n, sums, 2 * ROWS);
        }
    }

    private static void lastColumn(byte[] w, int at, int toB, int toC, float x, float[] sums) {
        for (int r = 0; r < ROWS; r++) {
            sums[r] = Math.fma(w[at + r], x, sums[r]);
            sums[ROWS + r] = Math.fma(w[at + toB + r], x, sums[ROWS + r]);
            sums[2 * ROWS + r] = Math.fma(w[at + toC + r], x, sums[2 * ROWS + r]);
        }
    }

    /**
     * The kernel: too large for the compiler to inline (325 bytecodes), so that it is compiled
     * separately and no vector ever becomes an object; CompiledKernelsTest checks this.
     */
    private static void vectors(
            byte[] w, int at, int toB, int toC, float[] x, int xAt, int n, float[] sums) {
        FloatVector evenA0 = FloatVector.zero(SPECIES);
        FloatVector evenA1 = FloatVector.zero(SPECIES);
        FloatVector evenA2 = FloatVector.zero(SPECIES);
        FloatVector evenA3 = FloatVector.zero(SPECIES);
        FloatVector oddA0 = FloatVector.zero(SPECIES);
        FloatVector oddA1 = FloatVector.zero(SPECIES);
        FloatVector oddA2 = FloatVector.zero(SPECIES);
        FloatVector oddA3 = FloatVector.zero(SPECIES);
        FloatVector evenB0 = FloatVector.zero(SPECIES);
        FloatVector evenB1 = FloatVector.zero(SPECIES);
        FloatVector evenB2 = FloatVector.zero(SPECIES);
        FloatVector evenB3 = FloatVector.zero(SPECIES);
        FloatVector oddB0 = FloatVector.zero(SPECIES);
        FloatVector oddB1 = FloatVector.zero(SPECIES);
        FloatVector oddB2 = FloatVector.zero(SPECIES);
        FloatVector oddB3 = FloatVector.zero(SPECIES);
        FloatVector evenC0 = FloatVector.zero(SPECIES);
        FloatVector evenC1 = FloatVector.zero(SPECIES);
        FloatVector evenC2 = FloatVector.zero(SPECIES);
        FloatVector evenC3 = FloatVector.zero(SPECIES);
        FloatVector oddC0 = FloatVector.zero(SPECIES);
        FloatVector oddC1 = FloatVector.zero(SPECIES);
        FloatVector oddC2 = FloatVector.zero(SPECIES);
        FloatVector oddC3 = FloatVector.zero(SPECIES);
        int a = at;
        int b = at + toB;
        int c = at + toC;
        for (int k = 0; k < n - 1; k += 2) {
            FloatVector x0 = FloatVector.broadcast(SPECIES, x[xAt + k]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, x[xAt + k + 1]);
            evenA0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenA0);
            evenA1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenA1);
            evenA2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenA2);
            evenA3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenA3);
            oddA0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + ROWS)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddA0);
            oddA1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + ROWS + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddA1);
            oddA2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + ROWS + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddA2);
            oddA3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, a + ROWS + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddA3);
            evenB0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenB0);
            evenB1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenB1);
            evenB2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenB2);
            evenB3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenB3);
            oddB0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + ROWS)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddB0);
            oddB1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + ROWS + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddB1);
            oddB2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + ROWS + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddB2);
            oddB3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, b + ROWS + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddB3);
            evenC0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenC0);
            evenC1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenC1);
            evenC2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenC2);
            evenC3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, evenC3);
            oddC0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + ROWS)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddC0);
            oddC1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + ROWS + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddC1);
            oddC2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + ROWS + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddC2);
            oddC3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, c + ROWS + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, oddC3);
            a += 2 * ROWS;
            b += 2 * ROWS;
            c += 2 * ROWS;
        }
        evenA0.add(oddA0).intoArray(sums, 0);
        evenA1.add(oddA1).intoArray(sums, LANES);
        evenA2.add(oddA2).intoArray(sums, 2 * LANES);
        evenA3.add(oddA3).intoArray(sums, 3 * LANES);
        evenB0.add(oddB0).intoArray(sums, 4 * LANES);
        evenB1.add(oddB1).intoArray(sums, 5 * LANES);
        evenB2.add(oddB2).intoArray(sums, 6 * LANES);
        evenB3.add(oddB3).intoArray(sums, 7 * LANES);
        evenC0.add(oddC0).intoArray(sums, 8 * LANES);
        evenC1.add(oddC1).intoArray(sums, 9 * LANES);
        evenC2.add(oddC2).intoArray(sums, 10 * LANES);
        evenC3.add(oddC3).intoArray(sums, 11 * LANES);
    }

    /** The kernel for vectors of four floats. */
    private static void loops(
            byte[] w, int at, float[] x, int xAt, int n, float[] sums, int sumsAt) {
        for (int r = 0; r < ROWS; r++) {
            float even = 0;
            float odd = 0;
            int i = at + r;
            for (int k = 0; k < n - 1; k += 2) {
                even = Math.fma(w[i], x[xAt + k], even);
                odd = Math.fma(w[i + ROWS], x[xAt + k + 1], odd);
                i += 2 * ROWS;
            }
            float sum = even + odd;
            sums[sumsAt + r] = n % 2 == 0 ? sum : Math.fma(w[i], x[xAt + n - 1], sum);
        }
    }
}
