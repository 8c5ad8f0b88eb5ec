package dev.cairn.tensor;

/** The activation functions of feed-forward layers. */
public interface Activations {
    /** {@code y = x · Φ(x)}: the exact GELU (Hendrycks and Gimpel 2016). */
    void gelu(Tensor x, Tensor y);

    /** {@code dx = dy · (Φ(x) + x·φ(x))}, overwriting. */
    void geluBackward(Tensor x, Tensor dy, Tensor dx);

    /** {@code y = silu(gate) · up}, {@code silu(g) = g·σ(g)}: SwiGLU (Shazeer 2020). */
    void swiGlu(Tensor gate, Tensor up, Tensor y);

    /** Gradients of {@link #swiGlu}, overwriting {@code dGate} and {@code dUp}. */
    void swiGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp);

    /**
     * {@code y = gelu(gate) · up}: GEGLU (Shazeer 2020) with the approximation of GELU by tanh
     * (Hendrycks and Gimpel 2016), {@code gelu(g) = g/2·(1 + tanh u)} with {@code u = √(2/π)·(g +
     * 0.044715·g³)}, which is {@code g·σ(2u)}.
     */
    void geGlu(Tensor gate, Tensor up, Tensor y);

    /** Gradients of {@link #geGlu}, overwriting {@code dGate} and {@code dUp}. */
    void geGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp);
}
