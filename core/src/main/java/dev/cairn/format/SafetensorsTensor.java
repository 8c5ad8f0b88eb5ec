package dev.cairn.format;

import dev.cairn.CairnException;
import dev.cairn.tensor.BFloat16;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor to be written: its header and the source of its bytes.
 *
 * @param shape sizes, outermost first; empty for a scalar
 */
@SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
public record SafetensorsTensor(String name, DType dtype, long[] shape, Source source) {
    /** Delivers a tensor's bytes piece by piece, so that the tensor is never in memory twice. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fills {@code chunk} (little-endian) with the tensor's bytes from {@code offset} on. No
         * number is split between two chunks.
         */
        void fill(ByteBuffer chunk, long offset);
    }

    public SafetensorsTensor {
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException(name + " cannot name a tensor");
        }
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException(name + ": shape " + Arrays.toString(shape));
            }
        }
    }

    /** An F32 tensor from floats. */
    public static SafetensorsTensor f32(String name, float[] values, long... shape) {
        return of(name, DType.F32, values.length, shape, floats(values));
    }

    /** A BF16 tensor from floats, rounded to nearest even. */
    public static SafetensorsTensor bf16(String name, float[] values, long... shape) {
        return of(name, DType.BF16, values.length, shape, roundedFloats(values));
    }

    /** An F64 tensor from doubles. */
    public static SafetensorsTensor f64(String name, double[] values, long... shape) {
        return of(name, DType.F64, values.length, shape, doubles(values));
    }

    /** An I64 tensor from longs. */
    public static SafetensorsTensor i64(String name, long[] values, long... shape) {
        return of(name, DType.I64, values.length, shape, longs(values));
    }

    /** A tensor from bytes that are already in the file's format: row-major, little-endian. */
    public static SafetensorsTensor raw(
            String name, DType dtype, MemorySegment data, long... shape) {
        SafetensorsTensor tensor =
                new SafetensorsTensor(
                        name,
                        dtype,
                        shape,
                        (chunk, offset) ->
                                chunk.put(data.asSlice(offset, chunk.remaining()).asByteBuffer()));
        if (tensor.byteSize() != data.byteSize()) {
            throw new IllegalArgumentException(
                    "%s: %d bytes for %s %s"
                            .formatted(name, data.byteSize(), dtype, Arrays.toString(shape)));
        }
        return tensor;
    }

    /**
     * A tensor whose rows are computed while it is written.
     *
     * @param dtype F32, F16 or BF16; numbers are rounded to nearest even
     */
    public static SafetensorsTensor rows(String name, DType dtype, Rows rows, long... shape) {
        int columns = shape.length == 0 ? 1 : Math.toIntExact(shape[shape.length - 1]);
        return new SafetensorsTensor(name, dtype, shape, new RowSource(name, dtype, rows, columns));
    }

    /** Cuts rows into the chunks that the writer asks for; a row may span several chunks. */
    private static final class RowSource implements Source {
        private final String name;
        private final Rows rows;
        private final GgmlType format;
        private final float[] row;
        private final ByteBuffer bytes;
        private long current = -1;

        RowSource(String name, DType dtype, Rows rows, int columns) {
            this.name = name;
            this.rows = rows;
            this.format = GgmlType.valueOf(dtype.name());
            this.row = new float[columns];
            this.bytes =
                    ByteBuffer.allocate(Math.toIntExact(dtype.byteSize(columns)))
                            .order(ByteOrder.LITTLE_ENDIAN);
        }

        @Override
        public void fill(ByteBuffer chunk, long offset) {
            long at = offset;
            while (chunk.hasRemaining()) {
                seek(at / bytes.capacity());
                int start = (int) (at % bytes.capacity());
                int length = Math.min(chunk.remaining(), bytes.capacity() - start);
                chunk.put(bytes.array(), start, length);
                at += length;
            }
        }

        private void seek(long wanted) {
            if (wanted == current) {
                return;
            }
            rows.read(wanted, row);
            try {
                GgmlBlocks.encode(format, row, bytes.clear());
            } catch (ArithmeticException e) {
                throw new CairnException(
                        "tensor %s: row %d: %s".formatted(name, wanted, e.getMessage()), e);
            }
            current = wanted;
        }
    }

    long byteSize() {
        return dtype.byteSize(SafetensorsHeader.elements(shape));
    }

    private static SafetensorsTensor of(
            String name, DType dtype, int count, long[] shape, Source source) {
        if (SafetensorsHeader.elements(shape) != count) {
            throw new IllegalArgumentException(
                    "%s: %d values for shape %s".formatted(name, count, Arrays.toString(shape)));
        }
        return new SafetensorsTensor(name, dtype, shape, source);
    }

    private static Source floats(float[] values) {
        return (chunk, offset) ->
                chunk.asFloatBuffer().put(values, (int) (offset / 4), chunk.remaining() / 4);
    }

    private static Source roundedFloats(float[] values) {
        return (chunk, offset) -> {
            for (int i = (int) (offset / 2); chunk.hasRemaining(); i++) {
                chunk.putShort(BFloat16.of(values[i]));
            }
        };
    }

    private static Source doubles(double[] values) {
        return (chunk, offset) ->
                chunk.asDoubleBuffer().put(values, (int) (offset / 8), chunk.remaining() / 8);
    }

    private static Source longs(long[] values) {
        return (chunk, offset) ->
                chunk.asLongBuffer().put(values, (int) (offset / 8), chunk.remaining() / 8);
    }
}
