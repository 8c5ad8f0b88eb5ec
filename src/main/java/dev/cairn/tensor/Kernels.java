package dev.cairn.tensor;

/**
 * The narrow seam between models and arithmetic. Two implementations stand behind it: the readable
 * scalar twin, in any precision, and the fast one for floats, which is tested against the twin.
 *
 * @param precision what the tensors made by {@link #zeros} hold
 */
public record Kernels(
        Precision precision,
        Matmul matmul,
        Elementwise elementwise,
        Norms norms,
        Activations activations,
        Attention attention,
        CrossEntropy crossEntropy) {

    /** Loops anybody can read, computing in double: the definition of every operation. */
    public static Kernels scalar(Precision precision) {
        return new Kernels(
                precision,
                new ScalarMatmul(),
                new Elementwise(),
                new ScalarNorms(),
                new ScalarActivations(),
                new ScalarAttention(),
                new ScalarCrossEntropy());
    }

    /** The fast ones: floats, {@code jdk.incubator.vector}, all cores. */
    public static Kernels vector() {
        return new Kernels(
                Precision.F32,
                new VectorMatmul(),
                new Elementwise(),
                new VectorNorms(),
                new VectorActivations(),
                new VectorAttention(),
                new VectorCrossEntropy());
    }

    /** A tensor of zeros that these kernels can write to. */
    public Tensor zeros(int rows, int cols) {
        return Tensor.zeros(precision, rows, cols);
    }
}
