package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.matmul.GemvWork.SCRATCH;
import static dev.cairn.tensor.matmul.GemvWork.TILE;
import static dev.cairn.tensor.matmul.GemvWork.share;
import static dev.cairn.tensor.matmul.GemvWork.tiled;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.matmul.GemvWork.Result;
import dev.cairn.tensor.matmul.GemvWork.Scratch;
import java.util.Arrays;

/** Products of few rows of inputs with quantized weights, for {@link VectorGemv}. */
final class QuantizedGemv {
    /**
     * Weights that a stream reads before it jumps. After a jump the processor's prefetcher starts
     * over: with streams of 12 KB instead of 48 KB of four-bit weights, a quarter of the memory
     * rate was lost.
     */
    private static final int STREAM = 96 << 10;

    /** The quantized inputs of the calling thread, one per row of inputs. */
    private static final ThreadLocal<QuantizedInput[]> INPUTS =
            ThreadLocal.withInitial(() -> new QuantizedInput[0]);

    private QuantizedGemv() {}

    static void int8(F32Tensor x, Int8Tensor w, Result result) {
        int blocks = Math.ceilDiv(w.rows(), Int8Tensor.ROWS);
        int size = Int8Tensor.ROWS * w.cols();
        int rows = Int8Gemv.BLOCKS * Int8Tensor.ROWS;
        int tiled = Int8Tile.isPossible() ? tiled(x.rows()) : 0;
        share(
                w,
                Math.ceilDiv(blocks, Int8Gemv.BLOCKS),
                rows,
                (from, to) -> {
                    Scratch s = SCRATCH.get();
                    s.reserve(Math.max(rows, TILE * Int8Tensor.ROWS), 0);
                    for (int i = from; i < to; i++) {
                        int first = i * rows;
                        int count = Math.min(rows, w.rows() - first);
                        if (tiled > 0) {
                            int bytes = Math.ceilDiv(count, Int8Tensor.ROWS) * size;
                            s.touched += Prefetch.lines(w.data, first * w.cols(), bytes);
                        }
                        for (int r = 0; tiled > 0 && r < count; r += Int8Tensor.ROWS) {
                            int8Tiles(x, tiled, w, first + r, result, s.sums);
                        }
                        int others = Math.ceilDiv(count, Int8Tensor.ROWS) - 1;
                        int at = i * Int8Gemv.BLOCKS * size;
                        int toB = Math.min(1, others) * size;
                        int toC = Math.min(2, others) * size;
                        for (int m = tiled; m < x.rows(); m++) {
                            Int8Gemv.blocks(
                                    w.data, at, toB, toC, x.data, m * w.cols(), w.cols(), s.sums);
                            for (int r = 0; r < count; r++) {
                                result.put(m, first + r, w.scales[first + r] * s.sums[r]);
                            }
                        }
                    }
                });
    }

    /** Multiplies one block of weights with the first {@code tiled} rows of inputs. */
    private static void int8Tiles(
            F32Tensor x, int tiled, Int8Tensor w, int row, Result result, float[] sums) {
        int count = Math.min(Int8Tensor.ROWS, w.rows() - row);
        for (int m = 0; m < tiled; m += TILE) {
            int inputs = Math.min(TILE, tiled - m);
            int xAt = m * w.cols();
            Int8Tile.products(w.data, row * w.cols(), x.data, xAt, inputs, w.cols(), sums);
            for (int i = 0; i < inputs; i++) {
                for (int r = 0; r < count; r++) {
                    float sum = w.scales[row + r] * sums[i * Int8Tensor.ROWS + r];
                    result.put(m + i, row + r, sum);
                }
            }
        }
    }

    static void int4(F32Tensor x, Int4Tensor w, Result result) {
        int blocks = Math.ceilDiv(w.rows(), Int4Tensor.ROWS);
        int unit = Int4Gemv.BLOCKS * streamLength(blocks, w.cols());
        QuantizedInput[] inputs = inputs(x);
        share(
                w,
                Math.ceilDiv(blocks, unit),
                unit * Int4Tensor.ROWS,
                (from, to) -> {
                    for (int i = from; i < to; i++) {
                        int4Streams(inputs, w, i * unit, Math.min(unit, blocks - i * unit), result);
                    }
                });
    }

    /** Blocks per stream of {@link Int4Gemv}, limited so that every thread gets work. */
    private static int streamLength(int blocks, int cols) {
        int longest = Math.ceilDiv(blocks, Int4Gemv.BLOCKS * ThreadPool.threads());
        return Math.clamp(STREAM / (Int4Tensor.ROWS * cols), 1, longest);
    }

    /** Reads {@code count} blocks as three streams, one for each third. */
    private static void int4Streams(
            QuantizedInput[] inputs, Int4Tensor w, int first, int count, Result result) {
        int groups = Int4Tensor.groups(w.cols());
        int scales = Int4Tensor.ROWS * groups;
        int size = scales * (Int4Tensor.GROUP / Int4Tensor.PACK);
        Scratch s = SCRATCH.get();
        s.reserve(Int4Gemv.BLOCKS * Int4Tensor.ROWS, 0);
        int third = Math.ceilDiv(count, Int4Gemv.BLOCKS);
        int last = first + count - 1;
        for (int a = first; a < first + third; a++) {
            // Where a third has no such block, the very last block is computed again.
            int b = Math.min(a + third, last);
            int c = Math.min(a + 2 * third, last);
            int toB = b - a;
            int toC = c - a;
            for (int m = 0; m < result.y().rows(); m++) {
                QuantizedInput q = inputs[m];
                Int4Gemv.blocks(
                        w.data,
                        a * size,
                        toB * size,
                        toC * size,
                        w.scales,
                        a * scales,
                        toB * scales,
                        toC * scales,
                        q.factors,
                        q.starts,
                        q.scales,
                        groups,
                        s.sums);
                putBlock(result, m, a, w.rows(), s.sums, 0);
                if (a + third <= last) {
                    putBlock(result, m, b, w.rows(), s.sums, Int4Tensor.ROWS);
                }
                if (a + 2 * third <= last) {
                    putBlock(result, m, c, w.rows(), s.sums, 2 * Int4Tensor.ROWS);
                }
            }
        }
    }

    private static void putBlock(
            Result result, int m, int block, int rows, float[] sums, int sumsAt) {
        int first = block * Int4Tensor.ROWS;
        int count = Math.min(Int4Tensor.ROWS, rows - first);
        for (int r = 0; r < count; r++) {
            result.put(m, first + r, sums[sumsAt + r]);
        }
    }

    private static QuantizedInput[] inputs(F32Tensor x) {
        QuantizedInput[] inputs = INPUTS.get();
        if (inputs.length < x.rows()) {
            inputs = new QuantizedInput[x.rows()];
            Arrays.setAll(inputs, m -> new QuantizedInput());
            INPUTS.set(inputs);
        }
        for (int m = 0; m < x.rows(); m++) {
            inputs[m].set(x.data, m * x.cols(), x.cols());
        }
        return inputs;
    }
}
