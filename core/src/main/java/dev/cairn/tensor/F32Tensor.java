package dev.cairn.tensor;

/** Floats on the heap: activations, gradients, and every weight that is trained. */
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
     * A tensor over an existing array, which may be longer than needed and is not copied.
     *
     * @throws IllegalArgumentException when the array is too short
     */
    public static F32Tensor of(float[] data, int rows, int cols) {
        if (data.length < Math.multiplyExact(rows, cols)) {
            throw new IllegalArgumentException(
                    data.length + " values for a tensor [" + rows + ", " + cols + "]");
        }
        return new F32Tensor(data, rows, cols);
    }

    /** The values themselves, row by row; shared, not copied. */
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
