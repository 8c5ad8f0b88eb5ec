package dev.cairn.format;

/**
 * A tensor to be written to a GGUF file.
 *
 * @param type F32, F16, BF16 or Q8_0
 * @param shape sizes, outermost first
 * @param rows the source of its numbers
 */
@SuppressWarnings("ArrayRecordComponent") // on its way to a file, never compared as a value
public record GgufTensor(String name, GgmlType type, long[] shape, Rows rows) {
    long byteSize() {
        return GgufHeader.byteSize(type, shape);
    }

    int columns() {
        return shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
    }

    long rowCount() {
        return SafetensorsHeader.elements(shape) / columns();
    }
}
