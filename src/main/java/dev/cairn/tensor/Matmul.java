package dev.cairn.tensor;

/**
 * The three matrix products of a linear layer: forward, gradient of the input, gradient of the
 * weight. {@code accumulate} adds to what the result holds; otherwise it is overwritten.
 */
public interface Matmul {
    /** {@code y[M,N] (+)= alpha · x[M,K] · w[N,K]ᵀ}. */
    void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate);

    /** {@code dx[M,K] (+)= alpha · dy[M,N] · w[N,K]}. */
    void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate);

    /** {@code dw[N,K] (+)= alpha · dy[M,N]ᵀ · x[M,K]}. */
    void backwardWeight(Tensor dy, Tensor x, Tensor dw, double alpha, boolean accumulate);
}
