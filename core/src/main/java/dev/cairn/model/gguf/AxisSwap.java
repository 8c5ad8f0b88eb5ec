package dev.cairn.model.gguf;

import dev.cairn.format.Rows;
import dev.cairn.model.weights.StoredTensor;

/**
 * A reordering of a tensor's rows: rows viewed as {@code [outer, a, b, inner]} become {@code
 * [outer, b, a, inner]}.
 */
public record AxisSwap(int a, int b, int inner) {
    /** The reverse reordering. */
    public AxisSwap inverse() {
        return new AxisSwap(b, a, inner);
    }

    /** Number of rows of one block {@code [a, b, inner]}; a tensor has a multiple of it. */
    public long size() {
        return (long) a * b * inner;
    }

    /** The old row that becomes this new row. */
    long source(long row) {
        long block = row / inner;
        long onA = block % a;
        long onB = block / a % b;
        long outer = block / a / b;
        return ((outer * a + onA) * b + onB) * inner + row % inner;
    }

    /** The tensor with its rows in the new order. */
    public StoredTensor apply(StoredTensor tensor) {
        Rows rows = tensor.rows();
        Rows swapped =
                tensor.shape().length == 1
                        ? (row, into) -> swapNumbers(rows, into)
                        : (row, into) -> rows.read(source(row), into);
        return tensor.with(swapped);
    }

    /** Reorders a bias, whose numbers correspond to the rows of a matrix. */
    private void swapNumbers(Rows rows, float[] into) {
        float[] old = new float[into.length];
        rows.read(0, old);
        for (int i = 0; i < into.length; i++) {
            into[i] = old[Math.toIntExact(source(i))];
        }
    }
}
