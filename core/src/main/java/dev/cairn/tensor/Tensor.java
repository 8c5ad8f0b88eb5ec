package dev.cairn.tensor;

/**
 * A matrix of numbers, row-major: {@code [rows, cols]}. A vector is one row. Everything in a
 * transformer is a matrix, since the tokens of a batch are stacked as rows.
 *
 * <p>The scalar kernels use {@link #get} and {@link #set}, and compute in double whatever the
 * storage. The fast kernels access the storage directly.
 */
public abstract sealed class Tensor
        permits F32Tensor, F64Tensor, MappedTensor, BlockTensor, Int8Tensor, Int4Tensor {
    private final int rows;
    private final int cols;

    Tensor(int rows, int cols) {
        this.rows = rows;
        this.cols = cols;
    }

    /** A tensor of zeros. */
    public static Tensor zeros(Precision precision, int rows, int cols) {
        return switch (precision) {
            case F32 -> F32Tensor.zeros(rows, cols);
            case F64 -> F64Tensor.zeros(rows, cols);
        };
    }

    public final int rows() {
        return rows;
    }

    public final int cols() {
        return cols;
    }

    /** A view of the same values as a matrix of another shape, with the same number of values. */
    public abstract Tensor reshape(int rows, int cols);

    final void checkReshape(int rows, int cols) {
        if ((long) rows * cols != (long) this.rows * this.cols) {
            throw new IllegalArgumentException(
                    this
                            + " cannot be reshaped to ["
                            + rows
                            + ", "
                            + cols
                            + "]; expected the same number of values");
        }
    }

    public abstract double get(int row, int col);

    /**
     * Writes one value, rounded to the storage format.
     *
     * @throws UnsupportedOperationException if the tensor holds frozen weights
     */
    public abstract void set(int row, int col, double value);

    /** Copies {@code n} values of a row, starting at column {@code col}, as floats. */
    public abstract void read(int row, int col, int n, float[] target, int offset);

    /** Number of bytes read from memory to read the whole tensor. */
    public abstract long byteSize();

    /** Adds to one value. */
    public final void add(int row, int col, double value) {
        set(row, col, get(row, col) + value);
    }

    /** All values as floats, row by row. */
    public final float[] toFloats() {
        float[] values = new float[Math.multiplyExact(rows, cols)];
        for (int r = 0; r < rows; r++) {
            read(r, 0, cols, values, r * cols);
        }
        return values;
    }

    final int checkedSize() {
        return Math.multiplyExact(rows, cols);
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + rows + ", " + cols + "]";
    }
}
