package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.block.BlockVectors.FLOAT_LANES;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.block.Codes;
import dev.cairn.tensor.matmul.GemvWork.Result;
import java.util.Arrays;

/**
 * Products of few rows of inputs with weights in blocks. A row of weights is taken apart once, into
 * {@link Codes}, and multiplied with every row of inputs, rounded as {@link BlockInput} says; a
 * single row of inputs may do without taking apart, for the same bits:
 *
 * <p>{@code y = Σ over groups g of scale[g] · xScale[g] · Σ q·xq + min[g] · Σ x}, the sums of
 * integers exact, the others in float. Apart from the rounding of the inputs, the twin is the
 * product with the dequantised weights.
 */
final class BlockGemv {
    private static final ThreadLocal<Codes> CODES = ThreadLocal.withInitial(Codes::new);

    private static final ThreadLocal<Codes> OTHER_CODES = ThreadLocal.withInitial(Codes::new);

    /** The inputs of the calling thread, one per row. */
    private static final ThreadLocal<BlockInput[]> INPUTS =
            ThreadLocal.withInitial(() -> new BlockInput[0]);

    private BlockGemv() {}

    static void forward(F32Tensor x, BlockTensor w, Result result) {
        BlockInput[] inputs = inputs(x, w.format.greatestInput());
        GemvWork.share(
                w,
                w.rows(),
                1,
                (from, to) -> {
                    if (x.rows() == 1 && w.format.multipliesDirectly()) {
                        oneRow(inputs[0], w, from, to, result);
                    } else {
                        rows(inputs, w, from, to, result);
                    }
                });
    }

    /** Two rows of weights at a time, straight from their blocks. */
    private static void oneRow(BlockInput x, BlockTensor w, int from, int to, Result result) {
        BlockFormat format = w.format;
        int blocks = w.cols() / format.size();
        Codes codesA = CODES.get();
        Codes codesB = OTHER_CODES.get();
        float[] lanes = GemvWork.SCRATCH.get().lanes;
        int half = Math.ceilDiv(to - from, 2);
        for (int a = from; a < from + half; a++) {
            // With an odd number of rows, the last one is computed again.
            int b = Math.min(a + half, to - 1);
            long at = w.rowAt(a);
            long toB = w.rowAt(b) - at;
            format.multiply(w.data, at, toB, blocks, x.q, x.scales, codesA, codesB, lanes);
            float sumA = sumOfLanes(lanes, 0);
            float sumB = sumOfLanes(lanes, FLOAT_LANES);
            if (format.hasMins()) {
                sumA += VectorMath.dot(codesA.mins, 0, x.sums, 0, blocks, lanes);
                sumB += VectorMath.dot(codesB.mins, 0, x.sums, 0, blocks, lanes);
            }
            result.put(0, a, sumA);
            if (b == a + half) {
                result.put(0, b, sumB);
            }
        }
    }

    /** Takes each row of weights apart, once for all rows of inputs. */
    private static void rows(BlockInput[] inputs, BlockTensor w, int from, int to, Result result) {
        BlockFormat format = w.format;
        Codes codes = CODES.get();
        float[] lanes = GemvWork.SCRATCH.get().lanes;
        int groups = w.cols() / BlockInput.GROUP;
        for (int n = from; n < to; n++) {
            format.unpack(w.data, w.rowAt(n), w.cols() / format.size(), codes);
            for (int m = 0; m < result.y().rows(); m++) {
                BlockInput x = inputs[m];
                format.multiply(codes, x.q, x.scales, groups, lanes);
                float sum = sumOfLanes(lanes, 0);
                if (format.hasMins()) {
                    sum += VectorMath.dot(codes.mins, 0, x.sums, 0, groups, lanes);
                }
                result.put(m, n, sum);
            }
        }
    }

    /** The sum of a vector of {@link dev.cairn.tensor.block.BlockVectors#FLOATS}, in order. */
    static float sumOfLanes(float[] lanes, int at) {
        float sum = 0;
        for (int i = at; i < at + FLOAT_LANES; i++) {
            sum += lanes[i];
        }
        return sum;
    }

    private static BlockInput[] inputs(F32Tensor x, int greatestInteger) {
        BlockInput[] inputs = INPUTS.get();
        if (inputs.length < x.rows()) {
            inputs = new BlockInput[x.rows()];
            Arrays.setAll(inputs, m -> new BlockInput());
            INPUTS.set(inputs);
        }
        for (int m = 0; m < x.rows(); m++) {
            inputs[m].set(x.data, m * x.cols(), x.cols(), greatestInteger);
        }
        return inputs;
    }
}
