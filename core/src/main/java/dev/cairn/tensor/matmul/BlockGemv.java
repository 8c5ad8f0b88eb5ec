package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.FLOAT_LANES;
import static dev.cairn.tensor.block.BlockVectors.INTS;
import static dev.cairn.tensor.block.BlockVectors.SHORTS;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.block.Codes;
import dev.cairn.tensor.matmul.GemvWork.Result;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of few rows of inputs with weights in blocks. A row of weights is taken apart once, into
 * {@link Codes}, and multiplied with every row of inputs, rounded as {@link BlockInput} says:
 *
 * <p>{@code y = Σ over groups g of scale[g] · xScale[g] · Σ q·xq + min[g] · Σ x}, the sums of
 * integers exact, the others in float. Apart from the rounding of the inputs, the twin is the
 * product with the dequantised weights.
 */
final class BlockGemv {
    private static final ThreadLocal<Codes> CODES = ThreadLocal.withInitial(Codes::new);

    /** The inputs of the calling thread, one per row. */
    private static final ThreadLocal<BlockInput[]> INPUTS =
            ThreadLocal.withInitial(() -> new BlockInput[0]);

    private BlockGemv() {}

    static void forward(F32Tensor x, BlockTensor w, Result result) {
        BlockInput[] inputs = inputs(x);
        BlockFormat format = w.format;
        int blocks = w.cols() / format.size();
        GemvWork.share(
                w,
                w.rows(),
                1,
                (from, to) -> {
                    Codes codes = CODES.get();
                    float[] lanes = GemvWork.SCRATCH.get().lanes;
                    for (int n = from; n < to; n++) {
                        format.unpack(w.data, w.rowAt(n), blocks, codes);
                        for (int m = 0; m < x.rows(); m++) {
                            result.put(m, n, product(format, codes, inputs[m], w.cols(), lanes));
                        }
                    }
                });
    }

    private static float product(
            BlockFormat format, Codes w, BlockInput x, int cols, float[] lanes) {
        if (format.group() == BlockInput.GROUP) {
            groupsOf32(w.q, w.scales, x.q, x.scales, cols / BlockInput.GROUP, lanes);
        } else {
            groupsOf16(w.q, w.scales, x.q, x.scales, cols / BlockInput.GROUP, lanes);
        }
        float sum = 0;
        for (int i = 0; i < FLOAT_LANES; i++) {
            sum += lanes[i];
        }
        return format.hasMins()
                ? sum + VectorMath.dot(w.mins, 0, x.sums, 0, cols / BlockInput.GROUP, lanes)
                : sum;
    }

    private static BlockInput[] inputs(F32Tensor x) {
        BlockInput[] inputs = INPUTS.get();
        if (inputs.length < x.rows()) {
            inputs = new BlockInput[x.rows()];
            Arrays.setAll(inputs, m -> new BlockInput());
            INPUTS.set(inputs);
        }
        for (int m = 0; m < x.rows(); m++) {
            inputs[m].set(x.data, m * x.cols(), x.cols());
        }
        return inputs;
    }

    /** Two products of 8 and 7 bits fit in 16 bits; then neighbouring lanes are added in 32. */
    private static void groupsOf32(
            short[] w, float[] scales, short[] x, float[] xScales, int groups, float[] lanes) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int g = 0; g < groups; g++) {
            int at = g * 32;
            IntVector total = IntVector.zero(INTS);
            for (int i = 0; i < 16; i += SHORT_LANES) {
                IntVector pairs =
                        ShortVector.fromArray(SHORTS, w, at + i)
                                .mul(ShortVector.fromArray(SHORTS, x, at + i))
                                .add(
                                        ShortVector.fromArray(SHORTS, w, at + 16 + i)
                                                .mul(ShortVector.fromArray(SHORTS, x, at + 16 + i)))
                                .reinterpretAsInts();
                total =
                        total.add(
                                pairs.lanewise(VectorOperators.LSHL, 16)
                                        .lanewise(VectorOperators.ASHR, 16)
                                        .add(pairs.lanewise(VectorOperators.ASHR, 16)));
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, scales[g] * xScales[g]);
            sum =
                    ((FloatVector) total.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(scale, sum);
        }
        sum.intoArray(lanes, 0);
    }

    /** Like {@link #groupsOf32}, but each half of a group of inputs meets a scale of its own. */
    private static void groupsOf16(
            short[] w, float[] scales, short[] x, float[] xScales, int groups, float[] lanes) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int g = 0; g < 2 * groups; g++) {
            int at = g * 16;
            IntVector total = IntVector.zero(INTS);
            for (int i = 0; i < 16; i += SHORT_LANES) {
                IntVector pairs =
                        ShortVector.fromArray(SHORTS, w, at + i)
                                .mul(ShortVector.fromArray(SHORTS, x, at + i))
                                .reinterpretAsInts();
                total =
                        total.add(
                                pairs.lanewise(VectorOperators.LSHL, 16)
                                        .lanewise(VectorOperators.ASHR, 16)
                                        .add(pairs.lanewise(VectorOperators.ASHR, 16)));
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, scales[g] * xScales[g / 2]);
            sum =
                    ((FloatVector) total.convertShape(VectorOperators.I2F, FLOATS, 0))
                            .fma(scale, sum);
        }
        sum.intoArray(lanes, 0);
    }
}
