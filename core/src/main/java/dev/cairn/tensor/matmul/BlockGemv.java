package dev.cairn.tensor.matmul;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.ColdStart;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.block.BlockInput;
import dev.cairn.tensor.block.BlockScratch;
import dev.cairn.tensor.matmul.GemvWork.Result;
import java.util.Arrays;

/**
 * Products of few rows of inputs with weights in blocks, which are read in place, two rows at a
 * time: {@code y = Σ over groups of scale · Σ q·x + min · Σ x}, in floats. Up to the order of
 * additions these are the products with the dequantized weights.
 */
final class BlockGemv {
    private static final ThreadLocal<BlockScratch> SCRATCH =
            ThreadLocal.withInitial(BlockScratch::new);

    /** The inputs of the calling thread, one per row. */
    private static final ThreadLocal<BlockInput[]> INPUTS =
            ThreadLocal.withInitial(() -> new BlockInput[0]);

    private BlockGemv() {}

    static void forward(F32Tensor x, BlockTensor w, Result result) {
        boolean inLoops =
                ColdStart.usesLoops(x.rows() * w.format.loopSteps((long) w.rows() * w.cols()));
        BlockInput[] inputs = inputs(x, w.format, inLoops);
        GemvWork.share(w, w.rows(), 1, (from, to) -> rows(inputs, w, inLoops, from, to, result));
    }

    private static void rows(
            BlockInput[] inputs, BlockTensor w, boolean inLoops, int from, int to, Result result) {
        BlockScratch scratch = SCRATCH.get();
        int half = Math.ceilDiv(to - from, 2);
        int count = result.y().rows();
        int tiled = inLoops || !w.format.hasTiles() ? 0 : GemvWork.tiled(count);
        for (int a = from; a < from + half; a++) {
            // With an odd number of rows, the last one is computed again.
            int b = Math.min(a + half, to - 1);
            for (int m = 0; m < tiled; m += GemvWork.TILE) {
                tile(w, a, b, inputs, m, count - 1, scratch);
                for (int i = m; i < Math.min(m + GemvWork.TILE, count); i++) {
                    put(result, i, a, b, half, scratch.sum(0, i - m), scratch.sum(1, i - m));
                }
            }
            for (int m = tiled; m < count; m++) {
                multiply(w, a, b, inputs[m], inLoops, scratch);
                put(result, m, a, b, half, scratch.sum(0), scratch.sum(1));
            }
        }
    }

    private static void put(
            Result result, int m, int a, int b, int half, float first, float second) {
        result.put(m, a, first);
        if (b == a + half) {
            result.put(m, b, second);
        }
    }

    private static void tile(
            BlockTensor w,
            int a,
            int b,
            BlockInput[] inputs,
            int m,
            int last,
            BlockScratch scratch) {
        long at = w.rowAt(a);
        int blocks = w.cols() / w.format.size();
        w.format.multiplyTile(w.data, at, w.rowAt(b) - at, blocks, inputs, m, last, scratch);
    }

    private static void multiply(
            BlockTensor w, int a, int b, BlockInput x, boolean inLoops, BlockScratch scratch) {
        BlockFormat format = w.format;
        long at = w.rowAt(a);
        long toB = w.rowAt(b) - at;
        int blocks = w.cols() / format.size();
        if (inLoops) {
            format.multiplyInLoops(w.data, at, toB, blocks, x, scratch);
        } else {
            format.multiply(w.data, at, toB, blocks, x, scratch);
        }
    }

    private static BlockInput[] inputs(F32Tensor x, BlockFormat format, boolean forLoops) {
        BlockInput[] inputs = INPUTS.get();
        if (inputs.length < x.rows()) {
            inputs = new BlockInput[x.rows()];
            Arrays.setAll(inputs, m -> new BlockInput());
            INPUTS.set(inputs);
        }
        for (int m = 0; m < x.rows(); m++) {
            inputs[m].set(format, x.data, m * x.cols(), x.cols());
            if (forLoops) {
                inputs[m].arrangeForLoops(format, x.cols());
            }
        }
        return inputs;
    }
}
