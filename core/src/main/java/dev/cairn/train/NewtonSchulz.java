package dev.cairn.train;

import dev.cairn.tensor.Elementwise;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;

/**
 * Brings all singular values of a matrix near 1 and keeps its singular vectors: five Newton-Schulz
 * iterations with the quintic {@code aX + b(XXᵀ)X + c(XXᵀ)²X} of Jordan 2024, which is steepest at
 * zero and ends between 0.7 and 1.2.
 */
record NewtonSchulz(Kernels kernels) {
    private static final int ITERATIONS = 5;
    private static final double A = 3.4445;
    private static final double B = -4.775;
    private static final double C = 2.0315;

    /** Keeps the division finite for a matrix of zeros. */
    private static final double SMALLEST_NORM = 1e-7;

    /** A new matrix. The argument is used as a buffer. */
    Tensor orthogonal(Tensor x) {
        double norm = Math.sqrt(kernels.elementwise().sumOfSquares(x));
        kernels.elementwise().scale(x, 1 / Math.max(norm, SMALLEST_NORM));
        Tensor from = x;
        Tensor to = kernels.zeros(x.rows(), x.cols());
        for (int i = 0; i < ITERATIONS; i++) {
            iterate(from, to);
            Tensor done = to;
            to = from;
            from = done;
        }
        return from;
    }

    /** Multiplies by the smaller of {@code XXᵀ} and {@code XᵀX}, from its side. */
    private void iterate(Tensor x, Tensor y) {
        Matmul matmul = kernels.matmul();
        boolean isWide = x.rows() <= x.cols();
        int side = Math.min(x.rows(), x.cols());
        Tensor gram = kernels.zeros(side, side);
        if (isWide) {
            matmul.forward(x, x, gram, 1, false);
        } else {
            matmul.backwardWeight(x, x, gram, 1, false);
        }
        Tensor factor = polynomial(gram);
        scaled(x, A, y);
        if (isWide) {
            matmul.backwardInput(factor, x, y, 1, true);
        } else {
            matmul.forward(x, factor, y, 1, true);
        }
    }

    /** {@code bG + cG²}; a Gram matrix is its own transpose, and so is this. */
    private Tensor polynomial(Tensor gram) {
        Tensor factor = kernels.zeros(gram.rows(), gram.cols());
        scaled(gram, B, factor);
        kernels.matmul().forward(gram, gram, factor, C, true);
        return factor;
    }

    private void scaled(Tensor x, double by, Tensor y) {
        Elementwise elementwise = kernels.elementwise();
        elementwise.copy(x, y);
        elementwise.scale(y, by);
    }
}
