package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.matmul.GemvWork.SCRATCH;
import static dev.cairn.tensor.matmul.GemvWork.TILE;
import static dev.cairn.tensor.matmul.GemvWork.share;
import static dev.cairn.tensor.matmul.GemvWork.tiled;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.matmul.GemvWork.Result;
import dev.cairn.tensor.matmul.GemvWork.Scratch;

/**
 * A linear layer on few rows, as in decoding: the weights are read in place, in their own format,
 * in a few forward streams per thread. This class only distributes blocks of rows; the vector code
 * is in one kernel per format, {@link Int8Gemv}, {@link Int4Gemv}, {@link Bf16Gemv}, {@link
 * F32Gemv} and {@link BlockGemv}, and in one more per format for tiles of several rows of inputs.
 */
public final class VectorGemv {
    /** Number of columns up to which a row is not worth a vector. */
    private static final int NARROW = 16;

    private VectorGemv() {}

    static void forward(F32Tensor x, Tensor w, F32Tensor y, float alpha, boolean accumulate) {
        Result result = new Result(y, alpha, accumulate);
        switch (w) {
            case Int8Tensor q -> QuantizedGemv.int8(x, q, result);
            case Int4Tensor q -> QuantizedGemv.int4(x, q, result);
            case F32Tensor f -> rows(x, f, result);
            case F64Tensor f -> rows(x, f, result);
            case MappedTensor f when f.format == MappedTensor.Format.BF16 -> bf16(x, f, result);
            case MappedTensor f -> rows(x, f, result);
            case BlockTensor b when b.format.hasProducts() -> BlockGemv.forward(x, b, result);
            case BlockTensor b -> rows(x, b, result);
        }
    }

    private static void bf16(F32Tensor x, MappedTensor w, Result result) {
        int cols = w.cols();
        float[] inputs = new float[x.rows() * cols];
        for (int m = 0; m < x.rows(); m++) {
            Bf16Gemv.split(x.data, m * cols, cols, inputs, m * cols);
        }
        int tiled = tiled(x.rows());
        share(
                w,
                w.rows(),
                1,
                (from, to) -> {
                    Scratch s = SCRATCH.get();
                    s.reserve(Bf16Gemv.MAX_ROWS, 0);
                    for (int row = from; row < to; row += Bf16Gemv.MAX_ROWS) {
                        int count = Math.min(Bf16Gemv.MAX_ROWS, to - row);
                        bf16Tiles(inputs, tiled, w, row, count, result, s);
                        long at = (long) row * cols;
                        for (int m = tiled; m < x.rows(); m++) {
                            Bf16Gemv.mapped(
                                    w.data, at, count, inputs, m * cols, cols, s.sums, s.lanes);
                            for (int r = 0; r < count; r++) {
                                result.put(m, row + r, s.sums[r]);
                            }
                        }
                    }
                });
    }

    /** A block of weights with the first {@code tiled} rows of inputs. */
    private static void bf16Tiles(
            float[] inputs,
            int tiled,
            MappedTensor w,
            int row,
            int count,
            Result result,
            Scratch s) {
        int n = w.cols();
        int apart = Math.ceilDiv(count, Bf16Tile.ROWS);
        for (int m = 0; m < tiled; m += TILE) {
            int xs = Math.min(TILE, tiled - m);
            for (int r = 0; r < apart; r++) {
                long at = (long) (row + r) * n;
                int some = Math.ceilDiv(count - r, apart);
                Bf16Tile.products(w.data, at, apart, some, inputs, m * n, xs, n, s.sums, s.lanes);
                result.putTile(m, xs, row + r, apart, some, s.sums);
            }
        }
    }

    /** A block of weights with the first {@code tiled} rows of inputs. */
    private static void f32Tiles(
            F32Tensor x, int tiled, MappedTensor w, int row, int count, Result result, Scratch s) {
        int n = w.cols();
        int apart = Math.ceilDiv(count, F32Tile.ROWS);
        for (int m = 0; m < tiled; m += TILE) {
            int xs = Math.min(TILE, tiled - m);
            for (int r = 0; r < apart; r++) {
                long at = (long) (row + r) * n;
                int some = Math.ceilDiv(count - r, apart);
                F32Tile.products(w.data, at, apart, some, x.data, m * n, xs, n, s.sums, s.lanes);
                result.putTile(m, xs, row + r, apart, some, s.sums);
            }
        }
    }

    private static void rows(F32Tensor x, Tensor w, Result result) {
        int cols = w.cols();
        boolean isTiled = w instanceof MappedTensor f && f.format == MappedTensor.Format.F32;
        int tiled = isTiled ? tiled(x.rows()) : 0;
        share(
                w,
                w.rows(),
                1,
                (from, to) -> {
                    int count = to - from;
                    Scratch s = SCRATCH.get();
                    s.reserve(Math.max(count, F32Tile.ROWS * TILE), cols);
                    if (tiled > 0) {
                        f32Tiles(x, tiled, (MappedTensor) w, from, count, result, s);
                    }
                    for (int m = tiled; m < x.rows(); m++) {
                        products(w, from, count, x.data, m * cols, s);
                        for (int r = 0; r < count; r++) {
                            result.put(m, from + r, s.sums[r]);
                        }
                    }
                });
    }

    private static void products(Tensor w, int row, int count, float[] x, int xAt, Scratch s) {
        int n = w.cols();
        long at = (long) row * n;
        if (w instanceof F32Tensor f && n <= NARROW) {
            F32Gemv.narrow(f.data, (int) at, count, x, xAt, n, s.sums);
        } else if (w instanceof F32Tensor f) {
            F32Gemv.heap(f.data, (int) at, count, x, xAt, n, s.sums, s.lanes);
        } else if (w instanceof MappedTensor f && f.format == MappedTensor.Format.F32) {
            F32Gemv.mapped(f.data, at, count, x, xAt, n, s.sums, s.lanes);
        } else {
            for (int r = 0; r < count; r++) {
                w.read(row + r, 0, n, s.line, 0);
                s.sums[r] = VectorMath.dot(s.line, 0, x, xAt, n, s.lanes);
            }
        }
    }
}
