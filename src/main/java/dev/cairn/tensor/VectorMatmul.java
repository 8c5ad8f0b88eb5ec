package dev.cairn.tensor;

import dev.cairn.tensor.Panels.Layout;

/**
 * {@link Matmul} for floats: both factors are packed into panels, a register tile does the
 * multiplying. The three products differ only in how their factors lie with respect to the summed
 * index. A product of few rows (decoding) does not pay for packing and goes row by row instead.
 */
final class VectorMatmul implements Matmul {
    /** Length of a block of the summed index: a panel pair stays in the first-level cache. */
    private static final int DEPTH = 256;

    /** Columns packed at a time: the packed right factor stays in the second-level cache. */
    private static final int WIDTH = 1024;

    /** Rows multiplied with all these columns in turn: they too stay in the second-level cache. */
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
        float[] lines = new float[Panels.scratch(WIDTH, DEPTH)];
        final float[] tile = new float[MicroKernel.ROWS * MicroKernel.COLS];

        void reserve(int rows) {
            int padded = Math.ceilDiv(rows, MicroKernel.ROWS) * MicroKernel.ROWS;
            if (left.length < padded * DEPTH) {
                left = new float[padded * DEPTH];
            }
            if (lines.length < Panels.scratch(rows, DEPTH)) {
                lines = new float[Panels.scratch(rows, DEPTH)];
            }
        }
    }

    @Override
    public void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate) {
        if (x.rows() <= FEW_ROWS) {
            VectorMatvec.forward(floats(x), w, floats(y), (float) alpha, accumulate);
            return;
        }
        multiply(x, Layout.ROWS, w, Layout.ROWS, x.cols(), floats(y), (float) alpha, accumulate);
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate) {
        multiply(
                dy,
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
                dy,
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
        throw new IllegalArgumentException("the fast kernels compute in float, not on " + t);
    }

    private static void multiply(
            Tensor a,
            Layout aLayout,
            Tensor b,
            Layout bLayout,
            int summed,
            F32Tensor c,
            float alpha,
            boolean accumulate) {
        long work = (long) summed * c.rows() * c.cols();
        int grain = work < SMALL ? Math.max(1, c.rows()) : MicroKernel.ROWS;
        Workers.parallel(
                c.rows(),
                grain,
                (from, to) ->
                        block(a, aLayout, b, bLayout, summed, c, from, to, alpha, accumulate));
    }

    /** Rows {@code from .. to} of the product, on one thread. */
    private static void block(
            Tensor a,
            Layout aLayout,
            Tensor b,
            Layout bLayout,
            int summed,
            F32Tensor c,
            int from,
            int to,
            float alpha,
            boolean accumulate) {
        Scratch scratch = SCRATCH.get();
        scratch.reserve(to - from);
        for (int k = 0; k < summed || k == 0; k += DEPTH) {
            int depth = Math.min(DEPTH, summed - k);
            Panels.pack(
                    a,
                    aLayout,
                    from,
                    to - from,
                    k,
                    depth,
                    MicroKernel.ROWS,
                    scratch.left,
                    scratch.lines);
            for (int n = 0; n < c.cols(); n += WIDTH) {
                int width = Math.min(WIDTH, c.cols() - n);
                Panels.pack(
                        b,
                        bLayout,
                        n,
                        width,
                        k,
                        depth,
                        MicroKernel.COLS,
                        scratch.right,
                        scratch.lines);
                tiles(scratch, depth, c, from, to, n, n + width, alpha, accumulate || k > 0);
            }
        }
    }

    private static void tiles(
            Scratch s,
            int depth,
            F32Tensor c,
            int from,
            int to,
            int left,
            int right,
            float alpha,
            boolean accumulate) {
        for (int block = from; block < to; block += HEIGHT) {
            int until = Math.min(to, block + HEIGHT);
            for (int n = left; n < right; n += MicroKernel.COLS) {
                int cols = Math.min(MicroKernel.COLS, right - n);
                for (int m = block; m < until; m += MicroKernel.ROWS) {
                    int rows = Math.min(MicroKernel.ROWS, to - m);
                    MicroKernel.run(
                            s.left, (m - from) * depth, s.right, (n - left) * depth, depth, s.tile);
                    int at = m * c.cols() + n;
                    if (rows == MicroKernel.ROWS && cols == MicroKernel.COLS) {
                        MicroKernel.store(s.tile, c.data, at, c.cols(), alpha, accumulate);
                    } else {
                        store(s.tile, c.data, at, c.cols(), rows, cols, alpha, accumulate);
                    }
                }
            }
        }
    }

    /** The tile at the border, of which only a part exists. */
    private static void store(
            float[] tile,
            float[] c,
            int at,
            int stride,
            int rows,
            int cols,
            float alpha,
            boolean accumulate) {
        for (int i = 0; i < rows; i++) {
            int to = at + i * stride;
            int from = i * MicroKernel.COLS;
            if (accumulate) {
                for (int j = 0; j < cols; j++) {
                    c[to + j] += alpha * tile[from + j];
                }
            } else {
                for (int j = 0; j < cols; j++) {
                    c[to + j] = alpha * tile[from + j];
                }
            }
        }
    }
}
