package dev.cairn.model;

import dev.cairn.format.Rows;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;

/**
 * The two matrices of a LoRA adapter for one linear layer.
 *
 * @param a {@code lora_A} {@code [r, in]}
 * @param b {@code lora_B} {@code [out, r]}
 * @param scale α/r, or α/√r with rsLoRA
 * @param dropout fraction of input values dropped in training
 */
public record LoraPair(Parameter a, Parameter b, double scale, double dropout) {
    public int rank() {
        return a.value().rows();
    }

    /** The rows of A, {@code [r, in]}. */
    public Rows rowsOfA() {
        return rows(a.value(), 1);
    }

    /** The rows of B, {@code [out, r]}, multiplied by a factor. */
    public Rows rowsOfB(double factor) {
        return rows(b.value(), factor);
    }

    private static Rows rows(Tensor matrix, double factor) {
        return (row, into) -> {
            matrix.read(Math.toIntExact(row), 0, into.length, into, 0);
            for (int i = 0; factor != 1 && i < into.length; i++) {
                into[i] = (float) (into[i] * factor);
            }
        };
    }

    /** Number of inputs of the layer. */
    public int in() {
        return a.value().cols();
    }

    /** Number of outputs of the layer. */
    public int out() {
        return b.value().rows();
    }

    /** The update of the layer's weight, computed row by row from a copy of both matrices. */
    public Update update() {
        return new Update(a.value().toFloats(), b.value().toFloats(), rank(), scale);
    }

    /** The matrix {@code scale · B·A}; each row is computed on demand. */
    public static final class Update {
        private final float[] a;
        private final float[] b;
        private final int rank;
        private final double scale;

        private Update(float[] a, float[] b, int rank, double scale) {
            this.a = a;
            this.b = b;
            this.rank = rank;
            this.scale = scale;
        }

        /**
         * Adds one row of the update to the same row of the base's weight.
         *
         * @param weights {@code [in]}, the row of the base
         */
        public void addTo(long row, float[] weights) {
            double[] sums = new double[weights.length];
            for (int k = 0; k < rank; k++) {
                double factor = scale * b[Math.toIntExact(row * rank + k)];
                int start = k * weights.length;
                for (int i = 0; i < weights.length; i++) {
                    sums[i] += factor * a[start + i];
                }
            }
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (weights[i] + sums[i]);
            }
        }
    }
}
