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
    private static final String BF16 = "cairn.bf16";

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

    /**
     * The fastest there are on this machine: {@link #vector}, with matrix products by oneDNN where
     * it is to be had. {@code -Dcairn.native=false} leaves it out.
     */
    public static Kernels fastest() {
        OneDnn library = OneDnn.instance();
        return library == null
                ? vector()
                : vector().with(new NativeMatmul(library, inBf16(), NativeMatmul.FEW_WEIGHTS));
    }

    /**
     * The fastest ones that compute in float32, unless {@code -Dcairn.bf16} says what the user
     * wants. On some processors products are quicker with both factors in bfloat16, and a
     * log-likelihood then differs in its second decimal from what another machine finds.
     */
    public static Kernels measuring() {
        return System.getProperty(BF16) == null ? fastest().inFloat32() : fastest();
    }

    /** Whether oneDNN is in use and in which version, or why it is not: for people. */
    public static String nativeStatus() {
        return OneDnn.status();
    }

    /**
     * Whether products with bfloat16 weights round their other factor to bfloat16 too: {@code
     * -Dcairn.bf16}, else what is faster on this processor.
     */
    private static boolean inBf16() {
        String wanted = System.getProperty(BF16);
        return wanted == null
                ? Processor.here().multipliesBf16Fast()
                : Boolean.parseBoolean(wanted);
    }

    /** The same ones with {@link Matmul#eachRowAlone}. */
    public Kernels eachRowAlone() {
        return with(matmul.eachRowAlone());
    }

    /** The same ones with {@link Matmul#inFloat32}; these very ones, if they are. */
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
