package dev.cairn.tensor;

import static dev.cairn.tensor.VectorMath.LANES;

import dev.cairn.CairnException;
import java.util.Arrays;

/**
 * A tensor of frozen weights as four-bit numbers, with one scale per group of 32 columns of a row:
 * {@code w[n, k] = scale[n, k / 32] · (q[n, k] − 8)}, q from 0 to 15.
 *
 * <p>Rows are interleaved so that each lane of a product belongs to one row. An int holds eight
 * neighbouring columns of a row, the first in the lowest bits. Ints are stored as {@code [n /
 * ROWS][k / 8][n % ROWS]}; scales, in bfloat16, as {@code [n / ROWS][k / 32][n % LANES][n / LANES %
 * 2]}. The last block is padded with zero rows, the last group with zero columns.
 */
public final class Int4Tensor extends Tensor {
    /** Columns that share a scale. */
    public static final int GROUP = 32;

    /** Rows per block: two vectors of ints. */
    public static final int ROWS = 2 * LANES;

    /** Columns per int. */
    public static final int PACK = 8;

    /** The stored value of a zero weight. */
    public static final int ZERO = 8;

    public final int[] data;
    public final short[] scales;

    private Int4Tensor(int[] data, short[] scales, int rows, int cols) {
        super(rows, cols);
        this.data = data;
        this.scales = scales;
    }

    /**
     * Quantizes weights, with the scale of least squared error for each group.
     *
     * @throws CairnException if the matrix has more values than an array can hold
     */
    public static Int4Tensor of(Tensor weights) {
        int groups = groups(weights.cols());
        int blocks = Math.ceilDiv(weights.rows(), ROWS);
        long size = (long) blocks * ROWS * groups;
        int[] data = new int[Quantized.arrayLength(weights, size * GROUP / PACK)];
        short[] scales = new short[(int) size];
        ThreadPool.parallel(
                blocks,
                1,
                (from, to) -> {
                    Int4Group group = new Int4Group(ROWS);
                    float[] lines = new float[ROWS * groups * GROUP];
                    for (int block = from; block < to; block++) {
                        readBlock(weights, block, groups * GROUP, lines);
                        for (int g = 0; g < groups; g++) {
                            int at = (block * groups + g) * ROWS;
                            group.load(lines, g * GROUP, groups * GROUP);
                            group.quantize(data, at * (GROUP / PACK), scales, at);
                        }
                    }
                });
        return new Int4Tensor(data, scales, weights.rows(), weights.cols());
    }

    private static void readBlock(Tensor weights, int block, int stride, float[] lines) {
        for (int r = 0; r < ROWS; r++) {
            int row = block * ROWS + r;
            if (row < weights.rows()) {
                weights.read(row, 0, weights.cols(), lines, r * stride);
            } else {
                Arrays.fill(lines, r * stride, (r + 1) * stride, 0f);
            }
        }
    }

    /** Number of groups per row, including a partial last one. */
    public static int groups(int cols) {
        return Math.ceilDiv(cols, GROUP);
    }

    /** Index of a row's scale within those of its block. */
    static int scaleOf(int row) {
        return row % LANES * 2 + row / LANES;
    }

    private int scaleAt(int row, int col) {
        return (row / ROWS * groups(cols()) + col / GROUP) * ROWS + scaleOf(row % ROWS);
    }

    private int dataAt(int row, int col) {
        return (row / ROWS * groups(cols()) * (GROUP / PACK) + col / PACK) * ROWS + row % ROWS;
    }

    @Override
    public Tensor reshape(int rows, int cols) {
        throw new UnsupportedOperationException("quantized weights cannot be reshaped");
    }

    @Override
    public double get(int row, int col) {
        return value(row, col);
    }

    private float value(int row, int col) {
        int q = (data[dataAt(row, col)] >>> (4 * (col % PACK))) & 15;
        return (q - ZERO) * BFloat16.toFloat(scales[scaleAt(row, col)]);
    }

    @Override
    public void set(int row, int col, double value) {
        throw new UnsupportedOperationException("quantized weights cannot be changed");
    }

    @Override
    public void read(int row, int col, int n, float[] target, int offset) {
        int to = offset - col;
        for (int k = col; k < col + n; ) {
            float scale = BFloat16.toFloat(scales[scaleAt(row, k)]);
            int bits = data[dataAt(row, k)] >>> (4 * (k % PACK));
            int end = Math.min(col + n, (k / PACK + 1) * PACK);
            for (; k < end; k++) {
                target[to + k] = ((bits & 15) - ZERO) * scale;
                bits >>>= 4;
            }
        }
    }

    @Override
    public long byteSize() {
        return 4L * data.length + 2L * scales.length;
    }
}
