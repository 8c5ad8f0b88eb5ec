package dev.cairn.tensor;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x · wᵀ} for few rows of x and weights of signed bytes, limited by memory: one forward
 * stream of weights per thread, each lane the sum of one row. The sum of a row is that of its even
 * plus that of its odd columns, for vectors of any width.
 */
final class Int8Matvec {
    private static final int ROWS = Int8Tensor.ROWS;

    /** As many bytes as a vector has floats; of 4 there is no vector. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(
                    byte.class, VectorShape.forBitSize(Math.max(64, SPECIES.vectorBitSize() / 4)));

    private Int8Matvec() {}

    /** Sums of the rows of one block of weights, without their scales. */
    static void block(byte[] w, int at, float[] x, int xAt, int n, float[] sums) {
        if (BYTES.length() == LANES) {
            vectors(w, at, x, xAt, n, sums);
        } else {
            loops(w, at, x, xAt, n, sums);
        }
    }

    /**
     * The kernel: larger than what the compiler inlines (325 bytecodes), so that it is compiled
     * alone and no vector ever becomes an object; CompiledKernelsTest holds it to that.
     */
    private static void vectors(byte[] w, int at, float[] x, int xAt, int n, float[] sums) {
        FloatVector even0 = FloatVector.zero(SPECIES);
        FloatVector even1 = FloatVector.zero(SPECIES);
        FloatVector even2 = FloatVector.zero(SPECIES);
        FloatVector even3 = FloatVector.zero(SPECIES);
        FloatVector odd0 = FloatVector.zero(SPECIES);
        FloatVector odd1 = FloatVector.zero(SPECIES);
        FloatVector odd2 = FloatVector.zero(SPECIES);
        FloatVector odd3 = FloatVector.zero(SPECIES);
        int i = at;
        for (int k = 0; k < n - 1; k += 2) {
            FloatVector x0 = FloatVector.broadcast(SPECIES, x[xAt + k]);
            FloatVector x1 = FloatVector.broadcast(SPECIES, x[xAt + k + 1]);
            even0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, even0);
            even1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, even1);
            even2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, even2);
            even3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x0, even3);
            odd0 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + ROWS)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, odd0);
            odd1 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + ROWS + LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, odd1);
            odd2 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + ROWS + 2 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, odd2);
            odd3 =
                    ((FloatVector)
                                    ByteVector.fromArray(BYTES, w, i + ROWS + 3 * LANES)
                                            .convertShape(VectorOperators.B2F, SPECIES, 0))
                            .fma(x1, odd3);
            i += 2 * ROWS;
        }
        even0.add(odd0).intoArray(sums, 0);
        even1.add(odd1).intoArray(sums, LANES);
        even2.add(odd2).intoArray(sums, 2 * LANES);
        even3.add(odd3).intoArray(sums, 3 * LANES);
        if (n % 2 != 0) {
            for (int r = 0; r < ROWS; r++) {
                sums[r] = Math.fma(w[i + r], x[xAt + n - 1], sums[r]);
            }
        }
    }

    /** The same for vectors of four floats. */
    private static void loops(byte[] w, int at, float[] x, int xAt, int n, float[] sums) {
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
            sums[r] = n % 2 == 0 ? sum : Math.fma(w[i], x[xAt + n - 1], sum);
        }
    }
}
