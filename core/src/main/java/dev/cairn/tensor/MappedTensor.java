package dev.cairn.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A tensor of frozen weights in a memory-mapped file, as float, bfloat16 or IEEE half float
 * (little-endian, any alignment). Widening to float is exact.
 */
public final class MappedTensor extends Tensor {
    public static final ValueLayout.OfFloat FLOAT =
            JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfShort SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** How the file stores a value. */
    public enum Format {
        F32,
        BF16,
        F16
    }

    public final MemorySegment data;
    public final Format format;

    private MappedTensor(MemorySegment data, Format format, int rows, int cols) {
        super(rows, cols);
        this.data = data;
        this.format = format;
    }

    /**
     * A view of mapped values.
     *
     * @throws IllegalArgumentException if the segment's size does not match format and shape
     */
    public static MappedTensor of(MemorySegment data, Format format, int rows, int cols) {
        long bytes = (long) rows * cols * (format == Format.F32 ? 4 : 2);
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    format
                            + " tensor ["
                            + rows
                            + ", "
                            + cols
                            + "]: expected "
                            + bytes
                            + " bytes, found "
                            + data.byteSize());
        }
        return new MappedTensor(data, format, rows, cols);
    }

    /** The tensor as bfloat16: itself if it is stored so, otherwise a rounded copy. */
    public static MappedTensor bf16(Tensor t) {
        if (t instanceof MappedTensor f && f.format == Format.BF16) {
            return f;
        }
        int cols = t.cols();
        MemorySegment bits = Arena.ofAuto().allocate(2L * t.rows() * cols, Long.BYTES);
        ThreadPool.parallel(
                t.rows(),
                1,
                (from, to) -> {
                    float[] row = new float[cols];
                    for (int r = from; r < to; r++) {
                        t.read(r, 0, cols, row, 0);
                        for (int c = 0; c < cols; c++) {
                            bits.set(SHORT, 2 * ((long) r * cols + c), BFloat16.of(row[c]));
                        }
                    }
                });
        return new MappedTensor(bits, Format.BF16, t.rows(), cols);
    }

    @Override
    public MappedTensor reshape(int rows, int cols) {
        checkReshape(rows, cols);
        return new MappedTensor(data, format, rows, cols);
    }

    @Override
    public double get(int row, int col) {
        return value((long) row * cols() + col);
    }

    private float value(long index) {
        return switch (format) {
            case F32 -> data.get(FLOAT, 4 * index);
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, 2 * index) << 16);
            case F16 -> Float.float16ToFloat(data.get(SHORT, 2 * index));
        };
    }

    @Override
    public void set(int row, int col, double value) {
        throw new UnsupportedOperationException("weights mapped from a file cannot be changed");
    }

    @Override
    public void read(int row, int col, int n, float[] target, int offset) {
        long at = (long) row * cols() + col;
        switch (format) {
            case F32 -> MemorySegment.copy(data, FLOAT, 4 * at, target, offset, n);
            case BF16 -> readBf16(at, n, target, offset);
            case F16 -> readF16(at, n, target, offset);
        }
    }

    private void readBf16(long at, int n, float[] target, int offset) {
        int i = 0;
        for (; i + VectorMath.LANES <= n; i += VectorMath.LANES) {
            ShortVector.fromMemorySegment(
                            VectorMath.HALVES, data, 2 * (at + i), ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.ZERO_EXTEND_S2I, VectorMath.INTS, 0)
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .intoArray(target, offset + i);
        }
        for (; i < n; i++) {
            target[offset + i] = Float.intBitsToFloat(data.get(SHORT, 2 * (at + i)) << 16);
        }
    }

    private void readF16(long at, int n, float[] target, int offset) {
        for (int i = 0; i < n; i++) {
            target[offset + i] = Float.float16ToFloat(data.get(SHORT, 2 * (at + i)));
        }
    }

    @Override
    public long byteSize() {
        return data.byteSize();
    }
}
