package dev.cairn.tensor;

/** A tensor of doubles on the heap, for checking gradients by finite differences. */
public final class F64Tensor extends Tensor {
    private final double[] data;

    private F64Tensor(double[] data, int rows, int cols) {
        super(rows, cols);
        this.data = data;
    }

    public static F64Tensor zeros(int rows, int cols) {
        return new F64Tensor(new double[Math.multiplyExact(rows, cols)], rows, cols);
    }

    @Override
    public F64Tensor reshape(int rows, int cols) {
        checkReshape(rows, cols);
        return new F64Tensor(data, rows, cols);
    }

    @Override
    public double get(int row, int col) {
        return data[row * cols() + col];
    }

    @Override
    public void set(int row, int col, double value) {
        data[row * cols() + col] = value;
    }

    @Override
    public void read(int row, int col, int n, float[] target, int offset) {
        for (int i = 0; i < n; i++) {
            target[offset + i] = (float) get(row, col + i);
        }
    }

    @Override
    public long byteSize() {
        return 8L * rows() * cols();
    }
}
