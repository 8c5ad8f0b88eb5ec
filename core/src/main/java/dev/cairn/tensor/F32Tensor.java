package dev.cairn.tensor;

/** A tensor of floats on the heap, for activations, gradients and all trained weights. */
public final class F32Tensor extends Tensor {
    public final float[] data;

    private F32Tensor(float[] data, int rows, int cols) {
        super(rows, cols);
        this.data = data;
    }

    public static F32Tensor zeros(int rows, int cols) {
        return new F32Tensor(new float[Math.multiplyExact(rows, cols)], rows, cols);
    }

    /**
     * Wraps an existing array, which is not copied and may be longer than needed.
     *
     * @throws IllegalArgumentException when the array is too short
     */
    public static F32Tensor of(float[] data, int rows, int cols) {
        if (data.length < Math.multiplyExact(rows, cols)) {
            throw new IllegalArgumentException(
                    "tensor ["
                            + rows
                            + ", "
                            + cols
                            + "]: expected at least "
                            + (long) rows * cols
                            + " values, found "
                            + data.length);
        }
        return new F32Tensor(data, rows, cols);
    }

    /** The underlying array, row by row; not a copy. */
    public float[] data() {
        return data;
    }

    @Override
    public F32Tensor reshape(int rows, int cols) {
        checkReshape(rows, cols);
        return new F32Tensor(data, rows, cols);
    }

    @Override
    public double get(int row, int col) {
        return data[row * cols() + col];
    }

    @Override
    public void set(int row, int col, double value) {
        data[row * cols() + col] = (float) value;
    }

    @Override
    public void read(int row, int col, int n, float[] target, int offset) {
        System.arraycopy(data, row * cols() + col, target, offset, n);
    }

    @Override
    public long byteSize() {
        return 4L * rows() * cols();
    }
}
