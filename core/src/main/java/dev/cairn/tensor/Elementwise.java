package dev.cairn.tensor;

/**
 * Elementwise operations: copies, sums and look-ups. They are limited by memory, so plain loops are
 * fast enough.
 */
public final class Elementwise {
    private static final int GRAIN = 16;

    /** Columns per range in sums whose rows must be added in order. */
    private static final int COLUMNS = 64;

    public Elementwise() {}

    /** {@code y += x}. */
    public void add(Tensor x, Tensor y) {
        if (x instanceof F32Tensor from && y instanceof F32Tensor to) {
            int cols = y.cols();
            ThreadPool.parallel(
                    y.rows(),
                    GRAIN,
                    (first, until) -> {
                        for (int i = first * cols; i < until * cols; i++) {
                            to.data[i] += from.data[i];
                        }
                    });
            return;
        }
        for (int r = 0; r < y.rows(); r++) {
            for (int c = 0; c < y.cols(); c++) {
                y.add(r, c, x.get(r, c));
            }
        }
    }

    /** {@code y = x}. */
    public void copy(Tensor x, Tensor y) {
        copyRows(x, 0, y, 0, y.rows());
    }

    /** {@code y[toRow + i] = x[fromRow + i]} for {@code count} rows; x may have more columns. */
    public void copyRows(Tensor x, int fromRow, Tensor y, int toRow, int count) {
        for (int r = 0; r < count; r++) {
            if (y instanceof F32Tensor to) {
                x.read(fromRow + r, 0, y.cols(), to.data, (toRow + r) * y.cols());
                continue;
            }
            for (int c = 0; c < y.cols(); c++) {
                y.set(toRow + r, c, x.get(fromRow + r, c));
            }
        }
    }

    /** {@code y[t, :] += bias} for every row t. */
    public void addBias(Tensor bias, Tensor y) {
        if (y instanceof F32Tensor to) {
            int cols = y.cols();
            float[] row = bias instanceof F32Tensor f ? f.data : bias.toFloats();
            ThreadPool.parallel(
                    y.rows(),
                    GRAIN,
                    (from, until) -> {
                        for (int r = from; r < until; r++) {
                            int at = r * cols;
                            for (int c = 0; c < cols; c++) {
                                to.data[at + c] += row[c];
                            }
                        }
                    });
            return;
        }
        for (int r = 0; r < y.rows(); r++) {
            for (int c = 0; c < y.cols(); c++) {
                y.add(r, c, bias.get(0, c));
            }
        }
    }

    /** {@code db += Σ_t dy[t, :]}: each column in row order, columns in parallel. */
    public void sumRows(Tensor dy, Tensor db) {
        if (dy instanceof F32Tensor from && db instanceof F32Tensor to) {
            int cols = dy.cols();
            ThreadPool.parallel(
                    cols,
                    COLUMNS,
                    (first, until) -> {
                        for (int at = 0; at < dy.rows() * cols; at += cols) {
                            for (int c = first; c < until; c++) {
                                to.data[c] += from.data[at + c];
                            }
                        }
                    });
            return;
        }
        for (int r = 0; r < dy.rows(); r++) {
            for (int c = 0; c < dy.cols(); c++) {
                db.add(0, c, dy.get(r, c));
            }
        }
    }

    /** {@code out[t] = table[ids[t]]}: an embedding look-up. */
    public void gather(Tensor table, int[] ids, Tensor out) {
        for (int t = 0; t < ids.length; t++) {
            copyRows(table, ids[t], out, t, 1);
        }
    }

    /** {@code dTable[ids[t]] += dOut[t]}: the gradient of {@link #gather}. */
    public void scatterAdd(Tensor dOut, int[] ids, Tensor dTable) {
        int cols = dOut.cols();
        for (int t = 0; t < ids.length; t++) {
            if (dOut instanceof F32Tensor from && dTable instanceof F32Tensor to) {
                VectorMath.axpy(1, from.data, t * cols, to.data, ids[t] * cols, cols);
                continue;
            }
            for (int c = 0; c < cols; c++) {
                dTable.add(ids[t], c, dOut.get(t, c));
            }
        }
    }

    /**
     * Dropout (Srivastava et al. 2014): {@code y = x / (1 − p)} for values that are kept, zero for
     * the others, overwriting. Which values are kept depends only on the key and the index (a
     * SplitMix64 of both), so the same call computes the gradient, and a resumed run uses the same
     * masks.
     */
    public void dropout(Tensor x, long key, double p, Tensor y) {
        long threshold = (long) (p * (1L << 53));
        double factor = 1 / (1 - p);
        int cols = x.cols();
        ThreadPool.parallel(
                x.rows(),
                GRAIN,
                (from, to) -> {
                    for (int r = from; r < to; r++) {
                        for (int c = 0; c < cols; c++) {
                            long bits = mix(key + ((long) r * cols + c) * 0x9E3779B97F4A7C15L);
                            y.set(r, c, (bits >>> 11) < threshold ? 0 : x.get(r, c) * factor);
                        }
                    }
                });
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /**
     * {@code y[t, toCol + c] = x[t, fromCol + c]} for {@code cols} columns of every row; the other
     * columns of y stay.
     */
    public void copyColumns(Tensor x, int fromCol, Tensor y, int toCol, int cols) {
        for (int r = 0; r < y.rows(); r++) {
            if (y instanceof F32Tensor to) {
                x.read(r, fromCol, cols, to.data, r * y.cols() + toCol);
                continue;
            }
            for (int c = 0; c < cols; c++) {
                y.set(r, toCol + c, x.get(r, fromCol + c));
            }
        }
    }

    /** {@code x *= factor}. */
    public void scale(Tensor x, double factor) {
        if (x instanceof F32Tensor f) {
            int cols = x.cols();
            ThreadPool.parallel(
                    x.rows(),
                    GRAIN,
                    (first, until) -> {
                        for (int i = first * cols; i < until * cols; i++) {
                            f.data[i] = (float) (f.data[i] * factor);
                        }
                    });
            return;
        }
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.cols(); c++) {
                x.set(r, c, x.get(r, c) * factor);
            }
        }
    }

    /**
     * Sum of squares, in double: each row in order, then over the rows, so that every run gives the
     * same bits.
     */
    public double sumOfSquares(Tensor x) {
        double[] sums = new double[x.rows()];
        ThreadPool.parallel(
                x.rows(),
                GRAIN,
                (from, to) -> {
                    for (int r = from; r < to; r++) {
                        for (int c = 0; c < x.cols(); c++) {
                            double value = x.get(r, c);
                            sums[r] += value * value;
                        }
                    }
                });
        double sum = 0;
        for (double row : sums) {
            sum += row;
        }
        return sum;
    }

    /** Sets every value to zero. */
    public void clear(Tensor x) {
        if (x instanceof F32Tensor f) {
            java.util.Arrays.fill(f.data, 0, x.checkedSize(), 0f);
            return;
        }
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.cols(); c++) {
                x.set(r, c, 0);
            }
        }
    }
}
