package dev.cairn.tensor.onednn;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.matmul.VectorGemv;
import dev.cairn.tensor.matmul.VectorMatmul;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * {@link Matmul} of many rows with frozen weights, by oneDNN. It reaches the processor's peak rate
 * of multiply-adds, where Java reaches three quarters of it, and uses instructions that Java cannot
 * express. Weights are read in place from their mapped file, in their own format; those in blocks
 * are dequantised a tile at a time, into native memory that stays in the second-level cache, as
 * bfloat16 if inputs are rounded to it. Everything else, and products that oneDNN does not support,
 * are left to {@link VectorMatmul}.
 */
public final class NativeMatmul implements Matmul {
    /** Number of weights below which staging costs more than it saves. */
    public static final int FEW_WEIGHTS = 1 << 15;

    /**
     * Number of rows below which reading the weights dominates; {@link VectorGemv} handles these.
     */
    private static final int FEW_ROWS = 8;

    private static final float[] NO_BIAS = {};

    private final OneDnn library;
    private final boolean inBf16;
    private final int fewWeights;
    private final Matmul other = new VectorMatmul();
    private final Matmul precise;
    private final ConcurrentLinkedDeque<Stage> idle = new ConcurrentLinkedDeque<>();

    /**
     * @param inBf16 whether to round inputs that are multiplied with bfloat16 weights to bfloat16,
     *     and weights in blocks too; sums stay floats
     * @param fewWeights matrices smaller than this are left to Java
     */
    public NativeMatmul(OneDnn library, boolean inBf16, int fewWeights) {
        this.library = library;
        this.inBf16 = inBf16;
        this.fewWeights = fewWeights;
        this.precise = inBf16 ? new NativeMatmul(library, false, fewWeights) : this;
    }

    @Override
    public void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate) {
        if (!run(x, w, true, y, alpha, accumulate, NO_BIAS)) {
            other.forward(x, w, y, alpha, accumulate);
        }
    }

    /** Copies only when necessary, since decoding calls this for every token. */
    private static float[] numbers(Tensor bias) {
        return bias instanceof F32Tensor f ? f.data : bias.toFloats();
    }

    @Override
    public void forward(Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        float[] row = bias == null ? NO_BIAS : numbers(bias);
        if (!run(x, w, true, y, 1, false, row)) {
            other.forward(x, w, bias, y);
        }
    }

    /** The vector kernels only: a single row is never computed natively. */
    @Override
    public Matmul eachRowAlone() {
        return other.eachRowAlone();
    }

    @Override
    public Matmul inFloat32() {
        return precise;
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate) {
        if (!run(dy, w, false, dx, alpha, accumulate, NO_BIAS)) {
            other.backwardInput(dy, w, dx, alpha, accumulate);
        }
    }

    @Override
    public void backwardWeight(Tensor dy, Tensor x, Tensor dw, double alpha, boolean accumulate) {
        other.backwardWeight(dy, x, dw, alpha, accumulate);
    }

    /**
     * Computes {@code c = a·b + bias} if oneDNN can, where b is w or, if transposed, wᵀ; returns
     * whether it did.
     */
    private boolean run(
            Tensor a,
            Tensor w,
            boolean isTransposed,
            Tensor c,
            double alpha,
            boolean accumulate,
            float[] bias) {
        if (!(w instanceof MappedTensor || w instanceof BlockTensor)
                || !(a instanceof F32Tensor from)
                || !(c instanceof F32Tensor to)
                || alpha != 1
                || a.rows() < FEW_ROWS
                || (long) w.rows() * w.cols() < fewWeights) {
            return false;
        }
        var operands = new BlockedProduct.Operands(from, w, isTransposed, to, accumulate, bias);
        return new BlockedProduct(library, inBf16, idle, operands).run();
    }
}
