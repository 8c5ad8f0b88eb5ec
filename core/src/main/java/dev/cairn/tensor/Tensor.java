package dev.cairn.tensor;

/**
 * A matrix of numbers, row-major: {@code [rows, cols]}. A vector is one row. Everything in a
 * transformer is a matrix once the tokens of a batch are written one below the other.
 *
 * <p>{@link #get} and {@link #set} are what the readable kernels use; they compute in double
 * whatever the storage. The fast kernels look at the storage itself.
 */
public abstract sealed class Tensor
        permits F32Tensor, F64Tensor, MappedTensor, Int8Tensor, Int4Tensor {
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

    /** The same values, not copied, seen as a matrix of another shape with as many of them. */
    public abstract Tensor reshape(int rows, int cols);

    final void checkReshape(int rows, int cols) {
        if ((long) rows * cols != (long) this.rows * this.cols) {
            throw new IllegalArgumentException(this + " seen as [" + rows + ", " + cols + "]");
        }
    }

    public abstract double get(int row, int col);

    /** Writes one value, rounded to the storage. Weights mapped from a file refuse this. */
    public abstract void set(int row, int col, double value);

    /** Copies {@code n} values of a row, from column {@code col} on, as floats. */
    public abstract void read(int row, int col, int n, float[] target, int offset);

    /** Bytes that reading all of it moves. */
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
