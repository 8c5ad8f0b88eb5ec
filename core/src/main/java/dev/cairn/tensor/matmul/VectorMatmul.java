package dev.cairn.tensor.matmul;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.matmul.Panels.Layout;

/**
 * {@link Matmul} for floats: both factors are packed into panels and multiplied in register tiles.
 * The three products differ only in the layout of their factors with respect to the summed index.
 * For a product of few rows (decoding) packing does not pay off, so it is computed row by row.
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
        if (isWide(c)) {
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

    /**
     * Whether to split columns instead of rows. Every thread packs all of the factor that is not
     * split, so that should be by far the smaller one, and its rows must fit in the cache.
     */
    private static boolean isWide(F32Tensor c) {
        return c.rows() <= MicroKernel.ROWS
                || (c.rows() <= HEIGHT && c.rows() <= c.cols() / MicroKernel.ROWS);
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
        /** Computes a block of the result on one thread. */
        void block(int top, int bottom, int left, int right) {
            Scratch s = SCRATCH.get();
            s.reserve(bottom - top);
            for (int k = 0; k < summed || k == 0; k += DEPTH) {
                int depth = Math.min(DEPTH, summed - k);
                if (!isNarrow()) {
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

        /** Whether the left factor is read so rarely that packing it does not pay off. */
        private boolean isNarrow() {
            return aLayout == Layout.ROWS && c.cols() <= MicroKernel.COLS;
        }

        private void panels(Scratch s, int k, int depth, int top, int bottom, int left, int right) {
            for (int block = top; block < bottom; block += HEIGHT) {
                int until = Math.min(bottom, block + HEIGHT);
                for (int n = left; n < right; n += MicroKernel.COLS) {
                    int cols = Math.min(MicroKernel.COLS, right - n);
                    int bAt = (n - left) * depth;
                    for (int m = block; m < until; m += MicroKernel.ROWS) {
                        int rows = Math.min(MicroKernel.ROWS, bottom - m);
                        if (isNarrow()) {
                            narrowTile(s, m, rows, cols, k, depth);
                        } else {
                            MicroKernel.run(s.left, (m - top) * depth, s.right, bAt, depth, s.tile);
                        }
                        store(s.tile, m, n, rows, cols, accumulate || k > 0);
                    }
                }
            }
        }

        private void narrowTile(Scratch s, int m, int rows, int cols, int k, int depth) {
            int at = m * a.cols() + k;
            for (int half = 0; half < cols; half += MicroKernel.LANES) {
                MicroKernel.runHalf(a.data, at, a.cols(), rows, s.right, half, depth, s.tile, half);
            }
        }

        private void store(float[] tile, int m, int n, int rows, int cols, boolean isAdded) {
            int at = m * c.cols() + n;
            if (rows == MicroKernel.ROWS && cols == MicroKernel.COLS) {
                MicroKernel.store(tile, c.data, at, c.cols(), alpha, isAdded);
                return;
            }
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
