package dev.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The three matrix products of a linear layer: forward, gradient of the input, gradient of the
 * weight. {@code accumulate} adds to what the result holds; otherwise it is overwritten.
 */
public interface Matmul {
    /** {@code y[M,N] (+)= alpha · x[M,K] · w[N,K]ᵀ}. */
    void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate);

    /** {@code y[M,N] = x[M,K] · w[N,K]ᵀ + bias[1,N]}; without bias when it is null. */
    default void forward(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        forward(x, w, y, 1, false);
        if (bias != null) {
            new Elementwise().addBias(bias, y);
        }
    }

    /**
     * The same products, whose forward one gives every row the very bits it has when it is the only
     * one, however many there are: for rows of sequences that have nothing to do with each other.
     */
    Matmul eachRowAlone();

    /** The same products with nothing rounded to less than a float, if these are not. */
    default Matmul inFloat32() {
        return this;
    }

    /** {@code dx[M,K] (+)= alpha · dy[M,N] · w[N,K]}. */
    void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate);

    /** {@code dw[N,K] (+)= alpha · dy[M,N]ᵀ · x[M,K]}. */
    void backwardWeight(Tensor dy, Tensor x, Tensor dw, double alpha, boolean accumulate);
}
