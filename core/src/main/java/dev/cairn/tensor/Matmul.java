package dev.cairn.tensor;

import org.jspecify.annotations.Nullable;

/**
 * The three matrix products of a linear layer: forward, gradient of the input, gradient of the
 * weight. With {@code accumulate} the product is added to the result; otherwise the result is
 * overwritten.
 */
public interface Matmul {
    /** {@code y[M,N] (+)= alpha · x[M,K] · w[N,K]ᵀ}. */
    void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate);

    /** {@code y[M,N] = x[M,K] · w[N,K]ᵀ + bias[1,N]}; without a bias when {@code bias} is null. */
    default void forward(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        forward(x, w, y, 1, false);
        if (bias != null) {
            new Elementwise().addBias(bias, y);
        }
    }

    /**
     * The same products, but the forward product gives each row the same bits as if it were the
     * only row. For batches of rows from unrelated sequences.
     */
    Matmul eachRowAlone();

    /**
     * The same products without rounding of any value to less than float32; this object if it never
     * rounds so.
     */
    default Matmul inFloat32() {
        return this;
    }

    /** {@code dx[M,K] (+)= alpha · dy[M,N] · w[N,K]}. */
    void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate);

    /** {@code dw[N,K] (+)= alpha · dy[M,N]ᵀ · x[M,K]}. */
    void backwardWeight(Tensor dy, Tensor x, Tensor dw, double alpha, boolean accumulate);
}
