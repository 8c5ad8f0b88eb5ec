package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.LogSumExp;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Twins;
import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.onednn.NativeMatmul;
import dev.cairn.tensor.onednn.OneDnn;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** A check sum of every bit the fast kernels produce; as a program, prints it. */
final class KernelDigest {
    private final Kernels kernels = Kernels.vector();
    private final Map<String, Long> sums = new TreeMap<>();

    private KernelDigest() {}

    /** Prints {@link #compute} of this process. */
    public static void main(String[] args) {
        System.out.println(compute());
    }

    /**
     * The check sum of each kernel's results; as small as two threads allow, for the interpreter is
     * slow.
     */
    static Map<String, Long> compute() {
        KernelDigest digest = new KernelDigest();
        digest.matmul();
        digest.nativeMatmul();
        digest.fewRows();
        digest.blocks();
        digest.attention("attention", new Shape(4, 2, 20));
        digest.attention("window", new Shape(4, 2, 20, 0.3, 19));
        digest.cached("cached", new Shape(4, 2, 20));
        digest.cached("cached window", new Shape(4, 2, 20, 0.3, 19));
        digest.turn();
        digest.norms();
        digest.activations();
        digest.crossEntropy();
        return digest.sums;
    }

    private void sum(String name, F32Tensor... results) {
        CRC32 crc = new CRC32();
        for (F32Tensor t : results) {
            float[] values = t.toFloats();
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
            bytes.asFloatBuffer().put(values);
            crc.update(bytes);
        }
        sums.put(name, crc.getValue());
    }

    private void matmul() {
        Twins twins = new Twins(1);
        F32Tensor x = twins.uniform(33, 260);
        F32Tensor w = twins.uniform(31, 260);
        F32Tensor y = twins.uniform(33, 31);
        kernels.matmul().backwardInput(y, w, x, 0.7, true);
        kernels.matmul().backwardWeight(y, x, w, 0.7, true);
        kernels.matmul().forward(x, w, y, 0.7, true);
        sum("matmul", x, w, y);
    }

    private void nativeMatmul() {
        OneDnn library = OneDnn.instance();
        if (library == null) {
            return;
        }
        Twins twins = new Twins(7);
        F32Tensor x = twins.uniform(33, 260);
        F32Tensor y = Twins.unset(33, 31);
        for (MappedTensor.Format format : MappedTensor.Format.values()) {
            MappedTensor w = Twins.mapped(twins.uniform(31, 260), format);
            for (boolean inBf16 : new boolean[] {false, true}) {
                Matmul matmul = new NativeMatmul(library, inBf16, 0);
                matmul.forward(x, w, y, 1, false);
                matmul.backwardInput(y, w, x, 1, true);
            }
        }
        BlockTensor blocks = twins.blocks(BlockFormat.Q4_1, 31, 256);
        F32Tensor x256 = twins.uniform(33, 256);
        for (boolean inBf16 : new boolean[] {false, true}) {
            Matmul matmul = new NativeMatmul(library, inBf16, 0);
            matmul.forward(x256, blocks, y, 1, true);
            matmul.backwardInput(y, blocks, x256, 1, true);
        }
        sum("native matmul", x, y, x256);
    }

    private void fewRows() {
        Twins twins = new Twins(2);
        F32Tensor x = twins.uniform(1, 41);
        F32Tensor w = twins.uniform(1700, 41);
        F32Tensor y = Twins.unset(1, 1700);
        kernels.matmul().forward(x, w, y, 1, false);
        for (MappedTensor.Format format : MappedTensor.Format.values()) {
            kernels.matmul().forward(x, Twins.mapped(w, format), y, 0.3, true);
        }
        sum("few rows", y);
        F32Tensor y8 = Twins.unset(2, 700);
        F32Tensor y4 = Twins.unset(2, 700);
        F32Tensor x2 = twins.uniform(2, 101);
        F32Tensor small = twins.uniform(700, 101);
        kernels.matmul().forward(x2, Int8Tensor.of(small), y8, 1, false);
        kernels.matmul().forward(x2, Int4Tensor.of(small), y4, 1, false);
        sum("int8", y8);
        sum("int4", y4);
    }

    private void blocks() {
        Twins twins = new Twins(9);
        F32Tensor x = twins.uniform(2, 256);
        F32Tensor many = twins.uniform(9, 256);
        for (BlockFormat format : BlockFormat.values()) {
            BlockTensor w = twins.blocks(format, 13, 256);
            F32Tensor y = Twins.unset(2, 13);
            F32Tensor y9 = Twins.unset(9, 13);
            kernels.matmul().forward(x, w, y, 0.3, false);
            kernels.matmul().forward(many, w, y9, 1, false);
            sum("blocks " + format, y, y9, F32Tensor.of(w.toFloats(), 13, 256));
        }
    }

    private void cached(String name, Shape shape) {
        Twins twins = new Twins(8);
        Heads rows = new Heads(twins.uniform(70, 40), 0, 20);
        Heads keys = new Heads(F32Tensor.zeros(5, 40 * Heads.BLOCK), 0, 20, Heads.BLOCK);
        keys.copyFrom(rows, 0, 0, 70, 2, 20);
        F32Tensor out = Twins.unset(2, 80);
        F32Tensor logSumExp = Twins.unset(2, 4);
        Heads q = new Heads(twins.uniform(2, 80), 0, 20);
        List<Span> spans = List.of(new Span(0, 2, 0, 69));
        Heads outs = new Heads(out, 0, 20);
        kernels.attention().forward(shape, spans, q, keys, rows, outs, logSumExp);
        sum(name, out, logSumExp);
        double above = LogSumExp.aboveMax(rows.floats().clone(), 1);
        sums.put("log-sum-exp", Double.doubleToRawLongBits(above));
    }

    private void attention(String name, Shape shape) {
        Twins twins = new Twins(3);
        List<Span> spans = List.of(new Span(0, 46, 0, 46), new Span(46, 44, 46, 47));
        Heads q = new Heads(twins.uniform(90, 80, 2), 0, 20);
        Heads k = new Heads(twins.uniform(93, 40, 2), 0, 20);
        Heads v = new Heads(twins.uniform(93, 40), 0, 20);
        F32Tensor out = Twins.unset(90, 80);
        F32Tensor logSumExp = Twins.unset(90, 4);
        Heads outs = new Heads(out, 0, 20);
        kernels.attention().forward(shape, spans, q, k, v, outs, logSumExp);
        Heads dOut = new Heads(twins.uniform(90, 80), 0, 20);
        F32Tensor dq = twins.uniform(90, 80);
        F32Tensor dk = twins.uniform(93, 40);
        F32Tensor dv = twins.uniform(93, 40);
        kernels.attention()
                .backward(
                        shape,
                        spans,
                        q,
                        k,
                        v,
                        outs,
                        logSumExp,
                        dOut,
                        new Heads(dq, 0, 20),
                        new Heads(dk, 0, 20),
                        new Heads(dv, 0, 20));
        sum(name, out, logSumExp, dq, dk, dv);
    }

    private void turn() {
        Twins twins = new Twins(9);
        F32Tensor x = twins.uniform(90, 80);
        F32Tensor cos = twins.uniform(30, 5);
        F32Tensor sin = twins.uniform(30, 5);
        kernels.attention()
                .rotate(new Heads(x, 0, 20), 4, twins.below(30, x.rows()), cos, sin, true);
        sum("rotation", x);
    }

    private void norms() {
        Twins twins = new Twins(4);
        F32Tensor x = twins.uniform(35, 70);
        F32Tensor gain = twins.uniform(1, 70);
        F32Tensor bias = twins.uniform(1, 70);
        F32Tensor y = Twins.unset(35, 70);
        F32Tensor stats = Twins.unset(35, 2);
        F32Tensor dx = twins.uniform(35, 70);
        F32Tensor dGain = twins.uniform(1, 70);
        F32Tensor dBias = twins.uniform(1, 70);
        kernels.norms().layerNorm(x, gain, bias, 1e-5, y, stats);
        kernels.norms().layerNormBackward(x, gain, stats, y, dx, dGain, dBias);
        sum("layer norm", y, stats, dx, dGain, dBias);
        kernels.norms().rmsNorm(x, gain, 1e-5, y, stats);
        kernels.norms().rmsNormBackward(x, gain, stats, y, dx, dGain);
        sum("rms norm", y, stats, dx, dGain);
    }

    private void activations() {
        Twins twins = new Twins(5);
        F32Tensor x = twins.uniform(20, 70, 6);
        F32Tensor up = twins.uniform(20, 70);
        F32Tensor y = Twins.unset(20, 70);
        F32Tensor dx = Twins.unset(20, 70);
        kernels.activations().gelu(x, y);
        kernels.activations().geluBackward(x, up, dx);
        sum("gelu", y, dx);
        F32Tensor dUp = Twins.unset(20, 70);
        kernels.activations().swiGlu(x, up, y);
        kernels.activations().swiGluBackward(x, up, y, dx, dUp);
        sum("swiglu", y, dx, dUp);
        kernels.activations().geGlu(x, up, y);
        kernels.activations().geGluBackward(x, up, y, dx, dUp);
        sum("geglu", y, dx, dUp);
    }

    private void crossEntropy() {
        Twins twins = new Twins(6);
        F32Tensor logits = twins.uniform(20, 300, 9);
        double loss = kernels.crossEntropy().lossAndGradient(logits, twins.below(300, 20), 0.1);
        sum("cross-entropy", logits);
        sums.put("loss", Double.doubleToRawLongBits(loss));
    }
}
