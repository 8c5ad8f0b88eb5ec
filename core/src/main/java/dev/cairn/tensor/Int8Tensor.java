package dev.cairn.tensor;

import dev.cairn.CairnException;

/**
 * A tensor of frozen weights as signed bytes, with one scale per row: {@code w[n, k] = scale[n] ·
 * q[n, k]}, q from −127 to 127.
 *
 * <p>Rows are interleaved as {@code [n / ROWS][k][n % ROWS]}: a product with one row of inputs then
 * reads a block in one forward stream, each lane belongs to one row, and no lanes have to be added
 * up. The last block is padded with rows of zeros.
 */
public final class Int8Tensor extends Tensor {
    /** Rows per block: four vectors of floats. */
    public static final int ROWS = 4 * VectorMath.LANES;

    private static final int GREATEST = 127;

    public final byte[] data;
    public final float[] scales;

    private Int8Tensor(byte[] data, float[] scales, int rows, int cols) {
        super(rows, cols);
        this.data = data;
        this.scales = scales;
    }

    /**
     * Quantizes weights to the nearest multiple of their row's scale, which is the row's greatest
     * magnitude / 127.
     *
     * @throws CairnException if the matrix has more values than an array can hold
     */
    public static Int8Tensor of(Tensor weights) {
        int blocks = Math.ceilDiv(weights.rows(), ROWS);
        long size = (long) blocks * ROWS * weights.cols();
        byte[] data = new byte[Quantized.arrayLength(weights, size)];
        float[] scales = new float[blocks * ROWS];
        ThreadPool.parallel(
                blocks,
                1,
                (from, to) -> {
                    float[] row = new float[weights.cols()];
                    for (int n = from * ROWS; n < Math.min(to * ROWS, weights.rows()); n++) {
                        weights.read(n, 0, row.length, row, 0);
                        scales[n] = quantize(row, data, at(n, 0, row.length));
                    }
                });
        return new Int8Tensor(data, scales, weights.rows(), weights.cols());
    }

    private static float quantize(float[] row, byte[] data, int at) {
        float greatest = 0;
        for (float value : row) {
            greatest = Math.max(greatest, Math.abs(value));
        }
        float scale = greatest / GREATEST;
        // A row of zeros has no scale, and for a very small scale 1 / scale is infinite.
        float inverse = scale < Float.MIN_NORMAL ? 0 : 1 / scale;
        for (int k = 0; k < row.length; k++) {
            data[at + k * ROWS] = (byte) Quantized.round(row[k] * inverse);
        }
        return scale;
    }

    /** Index of a value. */
    public static int at(int row, int col, int cols) {
        return row / ROWS * ROWS * cols + col * ROWS + row % ROWS;
    }

    @Override
    public Tensor reshape(int rows, int cols) {
        throw new UnsupportedOperationException("quantized weights cannot be reshaped");
    }

    @Override
    public double get(int row, int col) {
        return scales[row] * data[at(row, col, cols())];
    }

    @Override
    public void set(int row, int col, double value) {
        throw new UnsupportedOperationException("quantized weights cannot be changed");
    }

    @Override
    public void read(int row, int col, int n, float[] target, int offset) {
        int at = at(row, col, cols());
        float scale = scales[row];
        for (int i = 0; i < n; i++) {
            target[offset + i] = scale * data[at + i * ROWS];
        }
    }

    @Override
    public long byteSize() {
        return data.length + 4L * scales.length;
    }
}
