package dev.cairn.model.weights;

import dev.cairn.format.DType;
import dev.cairn.format.Rows;
import java.util.Arrays;

/**
 * A tensor of a model on disk, read row by row.
 *
 * @param dtype the type in which it is written to safetensors files: its own, or F32 where
 *     safetensors has no such type
 * @param shape sizes, outermost first
 * @param format name of the type on disk, such as BF16 or Q4_K
 * @param byteSize size on disk
 */
@SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
public record StoredTensor(
        String name, DType dtype, long[] shape, Rows rows, String format, long byteSize) {
    /** The last size. */
    public int columns() {
        return Math.toIntExact(shape[shape.length - 1]);
    }

    /** How many numbers it has. */
    public long size() {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    /** The same tensor with a constant added to every number. */
    public StoredTensor plus(float constant) {
        return constant == 0
                ? this
                : with((row, into) -> {
                    rows.read(row, into);
                    for (int i = 0; i < into.length; i++) {
                        into[i] += constant;
                    }
                });
    }

    /** The same tensor with its numbers from elsewhere. */
    public StoredTensor with(Rows other) {
        return new StoredTensor(name, dtype, shape, other, format, byteSize);
    }
}
