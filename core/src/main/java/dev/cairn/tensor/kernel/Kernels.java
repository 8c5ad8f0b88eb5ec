package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Activations;
import dev.cairn.tensor.Attention;
import dev.cairn.tensor.CrossEntropy;
import dev.cairn.tensor.Elementwise;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Norms;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Processor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.matmul.ScalarMatmul;
import dev.cairn.tensor.matmul.VectorMatmul;
import dev.cairn.tensor.onednn.NativeMatmul;
import dev.cairn.tensor.onednn.OneDnn;

/**
 * A set of kernels, the interface between models and arithmetic. There are two implementations: a
 * readable scalar one, in any precision, and a fast one for floats, which is tested against the
 * scalar one.
 *
 * @param precision precision of the tensors created by {@link #zeros}
 */
public record Kernels(
        Precision precision,
        Matmul matmul,
        Elementwise elementwise,
        Norms norms,
        Activations activations,
        Attention attention,
        CrossEntropy crossEntropy) {
    private static final String BF16 = "cairn.bf16";

    /**
     * Kernels of plain loops that compute in double: the reference definition of every operation.
     */
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

    /** Fast kernels for floats, with {@code jdk.incubator.vector} and all cores. */
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

    /**
     * The fastest kernels on this machine: {@link #vector}, with matrix products by oneDNN where
     * available. {@code -Dcairn.native=false} disables oneDNN.
     */
    public static Kernels fastest() {
        OneDnn library = OneDnn.instance();
        return library == null
                ? vector()
                : vector().with(new NativeMatmul(library, inBf16(), NativeMatmul.FEW_WEIGHTS));
    }

    /**
     * Like {@link #fastest}, but in float32 unless {@code -Dcairn.bf16} is set. On some processors
     * products are faster with both factors in bfloat16, but then the second decimal of a
     * log-likelihood differs between machines.
     */
    public static Kernels measuring() {
        return System.getProperty(BF16) == null ? fastest().inFloat32() : fastest();
    }

    /** Whether oneDNN is in use and in which version, or why it is not: for people. */
    public static String nativeStatus() {
        return OneDnn.status();
    }

    /**
     * Whether products with bfloat16 weights round the other factor to bfloat16 too: set by {@code
     * -Dcairn.bf16}, otherwise whatever is faster on this processor.
     */
    private static boolean inBf16() {
        String wanted = System.getProperty(BF16);
        return wanted == null
                ? Processor.here().multipliesBf16Fast()
                : Boolean.parseBoolean(wanted);
    }

    /** The same kernels with {@link Matmul#eachRowAlone}. */
    public Kernels eachRowAlone() {
        return with(matmul.eachRowAlone());
    }

    /** The same kernels with {@link Matmul#inFloat32}; this object if it already computes so. */
    public Kernels inFloat32() {
        Matmul other = matmul.inFloat32();
        return other == matmul ? this : with(other);
    }

    Kernels with(Matmul other) {
        return new Kernels(
                precision, other, elementwise, norms, activations, attention, crossEntropy);
    }

    /** A tensor of zeros that these kernels can write to. */
    public Tensor zeros(int rows, int cols) {
        return Tensor.zeros(precision, rows, cols);
    }
}
