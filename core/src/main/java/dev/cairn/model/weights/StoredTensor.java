package dev.cairn.model.weights;

import dev.cairn.format.DType;
import dev.cairn.format.Rows;

/**
 * A tensor of a model on disk, read row by row.
 *
 * @param dtype the stored type
 * @param shape sizes, outermost first
 */
@SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
public record StoredTensor(String name, DType dtype, long[] shape, Rows rows) {
    /** The last size. */
    public int columns() {
        return Math.toIntExact(shape[shape.length - 1]);
    }
}
