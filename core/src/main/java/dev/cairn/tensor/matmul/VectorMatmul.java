package dev.cairn.tensor.matmul;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.matmul.Panels.Layout;

/**
 * {@link Matmul} for floats: the right factor is packed into panels, the left one if its rows are
 * not summed over, and both are multiplied in register tiles ({@link StridedTile}). The three
 * products differ only in the layout of their factors with respect to the summed index. For a
 * product of few rows (decoding) packing does not pay off, so it is computed row by row.
 */
public final class VectorMatmul implements Matmul {
    /** Length of a block of the summed index: a panel pair stays in the first-level cache. */
    private static final int DEPTH = 256;

    /** Columns packed at a time: the packed right factor stays in the second-level cache. */
    private static final int WIDTH = 1024;

    /** Rows multiplied with all these columns in turn; they stay in the second-level cache too. */
    private static final int HEIGHT = 256;

    /** Up to this many rows the weights are read once per row instead of being packed. */
    private static final int FEW_ROWS = 4;

    /** Multiply-adds below which a second thread costs more than it saves (about 20 µs). */
    private static final long SMALL = 1 << 18;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** Packing buffers of one thread. */
    private static final class Scratch {
        float[] left = new float[0];
        final float[] right =
                new float[DEPTH * Math.ceilDiv(WIDTH, MicroKernel.COLS) * MicroKernel.COLS];
        final float[] lines = new float[Panels.scratch(WIDTH, DEPTH)];
        final float[] tile = new float[MicroKernel.ROWS * MicroKernel.COLS];

        void reserve(int rows) {
            int padded = Math.ceilDiv(rows, MicroKernel.ROWS) * MicroKernel.ROWS;
            if (left.length < padded * DEPTH) {
                left = new float[padded * DEPTH];
            }
        }
    }

    private final int fewRows;

    public VectorMatmul() {
        this(FEW_ROWS);
    }

    private VectorMatmul(int fewRows) {
        this.fewRows = fewRows;
    }

    @Override
    public Matmul eachRowAlone() {
        return new VectorMatmul(Integer.MAX_VALUE);
    }

    @Override
    public void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate) {
        if (x.rows() <= fewRows) {
            VectorGemv.forward(floats(x), w, floats(y), (float) alpha, accumulate);
            return;
        }
        multiply(
                floats(x),
                Layout.ROWS,
                w,
                Layout.ROWS,
                x.cols(),
                floats(y),
                (float) alpha,
                accumulate);
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate) {
        multiply(
                floats(dy),
                Layout.ROWS,
                w,
                Layout.COLUMNS,
                dy.cols(),
                floats(dx),
                (float) alpha,
                accumulate);
    }

    @Override
    public void backwardWeight(Tensor dy, Tensor x, Tensor dw, double alpha, boolean accumulate) {
        multiply(
                floats(dy),
                Layout.COLUMNS,
                x,
                Layout.COLUMNS,
                dy.rows(),
                floats(dw),
                (float) alpha,
                accumulate);
    }

    private static F32Tensor floats(Tensor t) {
        if (t instanceof F32Tensor f) {
            return f;
        }
        throw new IllegalArgumentException(
                "the fast kernels: expected a float tensor on the heap, found " + t);
    }

    private static void multiply(
            F32Tensor a,
            Layout aLayout,
            Tensor b,
            Layout bLayout,
            int summed,
            F32Tensor c,
            float alpha,
            boolean accumulate) {
        Product product = new Product(a, aLayout, b, bLayout, summed, c, alpha, accumulate);
        boolean isSmall = (long) summed * c.rows() * c.cols() < SMALL;
        if (product.isWide()) {
            ThreadPool.parallel(
                    c.cols(),
                    isSmall ? Math.max(1, c.cols()) : MicroKernel.COLS,
                    (from, to) -> product.block(0, c.rows(), from, to));
        } else {
            ThreadPool.parallel(
                    c.rows(),
                    isSmall ? c.rows() : MicroKernel.ROWS,
                    (from, to) -> product.block(from, to, 0, c.cols()));
        }
    }

    /** {@code c = alpha·a·b}, or added to {@code c}, with factors in the given layouts. */
    private record Product(
            F32Tensor a,
            Layout aLayout,
            Tensor b,
            Layout bLayout,
            int summed,
            F32Tensor c,
            float alpha,
            boolean accumulate) {
        /**
         * Whether to split columns instead of rows. Every thread packs all of the factor that is
         * not split, so that should be by far the smaller one, and its rows must fit in the cache,
         * or one that is not packed.
         */
        boolean isWide() {
            return c.rows() <= MicroKernel.ROWS
                    || (c.rows() <= HEIGHT && c.rows() <= c.cols() / MicroKernel.ROWS)
                    || (isLeftInPlace() && c.cols() >= MicroKernel.COLS * ThreadPool.threads());
        }

        /** Computes a block of the result on one thread. */
        void block(int top, int bottom, int left, int right) {
            Scratch s = SCRATCH.get();
            if (!isLeftInPlace()) {
                s.reserve(bottom - top);
            }
            for (int k = 0; k < summed || k == 0; k += DEPTH) {
                int depth = Math.min(DEPTH, summed - k);
                if (!isLeftInPlace()) {
                    Panels.pack(
                            a,
                            aLayout,
                            top,
                            bottom - top,
                            k,
                            depth,
                            MicroKernel.ROWS,
                            s.left,
                            s.lines);
                }
                for (int n = left; n < right; n += WIDTH) {
                    int until = Math.min(right, n + WIDTH);
                    Panels.pack(
                            b, bLayout, n, until - n, k, depth, MicroKernel.COLS, s.right, s.lines);
                    panels(s, k, depth, top, bottom, n, until);
                }
            }
        }

        /**
         * Whether the left factor is read where it lies: each of its values is read as a scalar. In
         * columns they would be too far apart.
         */
        private boolean isLeftInPlace() {
            return aLayout == Layout.ROWS;
        }

        private void panels(Scratch s, int k, int depth, int top, int bottom, int left, int right) {
            for (int block = top; block < bottom; block += HEIGHT) {
                int until = Math.min(bottom, block + HEIGHT);
                for (int n = left; n < right; n += MicroKernel.COLS) {
                    int cols = Math.min(MicroKernel.COLS, right - n);
                    int bAt = (n - left) * depth;
                    for (int m = block; m < until; m += MicroKernel.ROWS) {
                        int rows = Math.min(MicroKernel.ROWS, bottom - m);
                        int aAt = isLeftInPlace() ? m * a.cols() + k : (m - top) * depth;
                        if (rows == MicroKernel.ROWS && cols == MicroKernel.COLS) {
                            int at = m * c.cols() + n;
                            tile(
                                    s,
                                    aAt,
                                    bAt,
                                    depth,
                                    c.data,
                                    at,
                                    c.cols(),
                                    alpha,
                                    accumulate || k > 0);
                        } else {
                            partOfTile(s, aAt, bAt, depth, rows, cols);
                            store(s.tile, m, n, rows, cols, accumulate || k > 0);
                        }
                    }
                }
            }
        }

        /** Computes a whole tile where it belongs. */
        private void tile(
                Scratch s,
                int aAt,
                int bAt,
                int depth,
                float[] to,
                int at,
                int stride,
                float factor,
                boolean isAdded) {
            StridedTile.multiply(
                    isLeftInPlace() ? a.data : s.left,
                    aAt,
                    isLeftInPlace() ? a.cols() : 1,
                    isLeftInPlace() ? 1 : MicroKernel.ROWS,
                    s.right,
                    bAt,
                    MicroKernel.COLS,
                    depth,
                    to,
                    at,
                    stride,
                    factor,
                    isAdded);
        }

        /** Computes a tile at the edge in scratch memory. */
        private void partOfTile(Scratch s, int aAt, int bAt, int depth, int rows, int cols) {
            if (!isLeftInPlace()) {
                tile(s, aAt, bAt, depth, s.tile, 0, MicroKernel.COLS, 1, false);
                return;
            }
            for (int half = 0; half < cols; half += MicroKernel.LANES) {
                MicroKernel.runHalf(
                        a.data, aAt, a.cols(), rows, s.right, bAt + half, depth, s.tile, half);
            }
        }

        private void store(float[] tile, int m, int n, int rows, int cols, boolean isAdded) {
            int at = m * c.cols() + n;
            for (int i = 0; i < rows; i++) {
                int to = at + i * c.cols();
                int from = i * MicroKernel.COLS;
                for (int j = 0; j < cols; j++) {
                    float value = alpha * tile[from + j];
                    c.data[to + j] = isAdded ? c.data[to + j] + value : value;
                }
            }
        }
    }
}
