package dev.cairn.tensor;

import java.util.Arrays;

/**
 * A linear layer on few rows, as in decoding: the weights are read where they lie, in their own
 * format, in a few forward streams per thread. Here rows are only handed out in blocks; the vector
 * code is in one kernel for each format, {@link Int8Matvec}, {@link Int4Matvec}, {@link Bf16Matvec}
 * and {@link F32Matvec}.
 */
final class VectorMatvec {
    private static final int LANES = VectorMath.LANES;

    /** Rows of inputs that share a weight once it is loaded. */
    private static final int TILE = 4;

    /** Weights that one chunk of work holds: a few microseconds. */
    private static final int CHUNK = 1 << 17;

    /** Weights below which a second thread costs more than it saves. */
    private static final long SMALL = 1 << 15;

    /** Columns of rows that are not worth a vector. */
    private static final int NARROW = 16;

    /** Room of one thread. */
    private static final class Scratch {
        final float[] lanes =
                new float[Math.max(Bf16Matvec.MOST_ROWS * LANES, F32Tile.LANES_NEEDED)];
        float[] sums = new float[0];
        float[] line = new float[0];

        /** Only so that the compiler cannot leave out what is touched. */
        int touched;

        void reserve(int rows, int cols) {
            if (sums.length < rows) {
                sums = new float[rows];
            }
            if (line.length < cols) {
                line = new float[cols];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** The quantized inputs of the calling thread; a product has at most a few rows. */
    private static final ThreadLocal<QuantizedInput[]> INPUTS =
            ThreadLocal.withInitial(() -> new QuantizedInput[0]);

    private VectorMatvec() {}

    static void forward(F32Tensor x, Tensor w, F32Tensor y, float alpha, boolean accumulate) {
        Result result = new Result(y, alpha, accumulate);
        switch (w) {
            case Int8Tensor q -> int8(x, q, result);
            case Int4Tensor q -> int4(x, q, result);
            case F32Tensor f -> rows(x, f, result);
            case F64Tensor f -> rows(x, f, result);
            case MappedTensor f when f.format == MappedTensor.Format.BF16 -> bf16(x, f, result);
            case MappedTensor f -> rows(x, f, result);
        }
    }

    /**
     * How many of the rows are computed in tiles: four at a time, the last three as if they were
     * four; two are not worth it. Bits do not depend on it.
     */
    private static int tiled(int rows) {
        int rest = rows % TILE;
        return rest == TILE - 1 ? rows : rows - rest;
    }

    /** Where sums of rows go. */
    private record Result(F32Tensor y, float alpha, boolean accumulate) {
        void put(int m, int n, float sum) {
            int at = m * y.cols() + n;
            y.data[at] = alpha * sum + (accumulate ? y.data[at] : 0);
        }
    }

    /** Hands out {@code count} blocks of {@code rows} rows. */
    private static void share(Tensor w, int count, int rows, Workers.Range body) {
        long block = Math.max(1, (long) rows * w.cols());
        if (block * count < SMALL) {
            body.run(0, count);
        } else {
            Workers.chunks(count, (int) Math.max(1, CHUNK / block), body);
        }
    }

    private static void int8(F32Tensor x, Int8Tensor w, Result result) {
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

    private static void int4(F32Tensor x, Int4Tensor w, Result result) {
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

    private static void bf16(F32Tensor x, MappedTensor w, Result result) {
        int cols = w.cols();
        float[] inputs = new float[x.rows() * cols];
        for (int m = 0; m < x.rows(); m++) {
            Bf16Matvec.split(x.data, m * cols, cols, inputs, m * cols);
        }
        int tiled = tiled(x.rows());
        share(
                w,
                w.rows(),
                1,
                (from, to) -> {
                    Scratch s = SCRATCH.get();
                    s.reserve(Bf16Matvec.MOST_ROWS, 0);
                    for (int row = from; row < to; row += Bf16Matvec.MOST_ROWS) {
                        int count = Math.min(Bf16Matvec.MOST_ROWS, to - row);
                        bf16Tiles(inputs, tiled, w, row, count, result, s);
                        long at = (long) row * cols;
                        for (int m = tiled; m < x.rows(); m++) {
                            Bf16Matvec.mapped(
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
                put(result, m, xs, row + r, apart, some, s.sums);
            }
        }
    }

    /** The sums of a tile. */
    private static void put(
            Result result, int m, int inputs, int row, int apart, int count, float[] sums) {
        for (int i = 0; i < inputs; i++) {
            for (int r = 0; r < count; r++) {
                result.put(m + i, row + r * apart, sums[TILE * r + i]);
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
                put(result, m, xs, row + r, apart, some, s.sums);
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
            F32Matvec.narrow(f.data, (int) at, count, x, xAt, n, s.sums);
        } else if (w instanceof F32Tensor f) {
            F32Matvec.heap(f.data, (int) at, count, x, xAt, n, s.sums, s.lanes);
        } else if (w instanceof MappedTensor f && f.format == MappedTensor.Format.F32) {
            F32Matvec.mapped(f.data, at, count, x, xAt, n, s.sums, s.lanes);
        } else {
            for (int r = 0; r < count; r++) {
                w.read(row + r, 0, n, s.line, 0);
                s.sums[r] = VectorMath.dot(s.line, 0, x, xAt, n, s.lanes);
            }
        }
    }
}
