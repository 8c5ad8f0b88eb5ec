package dev.cairn.tensor;

import static dev.cairn.tensor.MatvecWork.SCRATCH;
import static dev.cairn.tensor.MatvecWork.TILE;
import static dev.cairn.tensor.MatvecWork.share;
import static dev.cairn.tensor.MatvecWork.tiled;

import dev.cairn.tensor.MatvecWork.Result;
import dev.cairn.tensor.MatvecWork.Scratch;
import java.util.Arrays;

/** Products of few rows with quantized weights, for {@link VectorMatvec}. */
final class QuantizedMatvec {
    /** The quantized inputs of the calling thread; a product has at most a few rows. */
    private static final ThreadLocal<QuantizedInput[]> INPUTS =
            ThreadLocal.withInitial(() -> new QuantizedInput[0]);

    private QuantizedMatvec() {}

    static void int8(F32Tensor x, Int8Tensor w, Result result) {
        int blocks = Math.ceilDiv(w.rows(), Int8Tensor.ROWS);
        int size = Int8Tensor.ROWS * w.cols();
        int rows = Int8Matvec.BLOCKS * Int8Tensor.ROWS;
        int tiled = Int8Tile.isPossible() ? tiled(x.rows()) : 0;
        share(
                w,
                Math.ceilDiv(blocks, Int8Matvec.BLOCKS),
                rows,
                (from, to) -> {
                    Scratch s = SCRATCH.get();
                    s.reserve(Math.max(rows, TILE * Int8Tensor.ROWS), 0);
                    for (int i = from; i < to; i++) {
                        int first = i * rows;
                        int count = Math.min(rows, w.rows() - first);
                        if (tiled > 0) {
                            int bytes = Math.ceilDiv(count, Int8Tensor.ROWS) * size;
                            s.touched += Touch.lines(w.data, first * w.cols(), bytes);
                        }
                        for (int r = 0; tiled > 0 && r < count; r += Int8Tensor.ROWS) {
                            int8Tiles(x, tiled, w, first + r, result, s.sums);
                        }
                        int others = Math.ceilDiv(count, Int8Tensor.ROWS) - 1;
                        int at = i * Int8Matvec.BLOCKS * size;
                        int toB = Math.min(1, others) * size;
                        int toC = Math.min(2, others) * size;
                        for (int m = tiled; m < x.rows(); m++) {
                            Int8Matvec.blocks(
                                    w.data, at, toB, toC, x.data, m * w.cols(), w.cols(), s.sums);
                            for (int r = 0; r < count; r++) {
                                result.put(m, first + r, w.scales[first + r] * s.sums[r]);
                            }
                        }
                    }
                });
    }

    /** One block of weights with the first {@code tiled} rows of inputs. */
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
        int groups = Int4Tensor.groups(w.cols());
        int size = Int4Tensor.ROWS * groups;
        int rows = Int4Matvec.BLOCKS * Int4Tensor.ROWS;
        QuantizedInput[] inputs = inputs(x);
        share(
                w,
                Math.ceilDiv(blocks, Int4Matvec.BLOCKS),
                rows,
                (from, to) -> {
                    Scratch s = SCRATCH.get();
                    s.reserve(rows, 0);
                    for (int i = from; i < to; i++) {
                        int first = i * rows;
                        int count = Math.min(rows, w.rows() - first);
                        int others = Math.ceilDiv(count, Int4Tensor.ROWS) - 1;
                        int scaleAt = first * groups;
                        int at = scaleAt * (Int4Tensor.GROUP / Int4Tensor.PACK);
                        int toB = Math.min(1, others) * size * Int4Tensor.GROUP / Int4Tensor.PACK;
                        int scaleToB = Math.min(1, others) * size;
                        int toC = Math.min(2, others) * size * Int4Tensor.GROUP / Int4Tensor.PACK;
                        int scaleToC = Math.min(2, others) * size;
                        for (int m = 0; m < x.rows(); m++) {
                            QuantizedInput q = inputs[m];
                            Int4Matvec.blocks(
                                    w.data, at, toB, toC, w.scales, scaleAt, scaleToB, scaleToC,
                                    q.factors, q.starts, q.scales, groups, s.sums);
                            for (int r = 0; r < count; r++) {
                                result.put(m, first + r, s.sums[r]);
                            }
                        }
                    }
                });
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
