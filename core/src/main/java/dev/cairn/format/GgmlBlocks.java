package dev.cairn.format;

import dev.cairn.tensor.BFloat16;
import dev.cairn.tensor.block.BlockFormat;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Encodes and decodes rows of numbers in ggml's formats, rounding as ggml's reference code does
 * (ggml-org/ggml, {@code ggml-quants.c}).
 */
final class GgmlBlocks {
    private static final int Q8_MAX = 127;

    private GgmlBlocks() {}

    /** Whether {@link #decode} supports the format. */
    static boolean canDecode(GgmlType type) {
        return switch (type) {
            case F32, F16, BF16 -> true;
            default -> type.blocks().isPresent();
        };
    }

    /** Reads a row that starts at {@code offset}; see {@link #canDecode}. */
    static void decode(GgmlType type, MemorySegment data, long offset, float[] row) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, LittleEndian.FLOAT, offset, row, 0, row.length);
            case F16 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = Float.float16ToFloat(data.get(LittleEndian.SHORT, offset + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < row.length; i++) {
                    row[i] = BFloat16.toFloat(data.get(LittleEndian.SHORT, offset + 2L * i));
                }
            }
            default -> {
                BlockFormat blocks = type.blocks().orElseThrow();
                long at = offset;
                for (int i = 0; i < row.length; i += blocks.size()) {
                    blocks.decode(data, at, row, i);
                    at += blocks.bytes();
                }
            }
        }
    }

    /**
     * Appends a row to {@code out} (little-endian).
     *
     * @throws ArithmeticException when a number is too large for the format
     */
    static void encode(GgmlType type, float[] row, ByteBuffer out) {
        switch (type) {
            case F32 -> {
                for (float value : row) {
                    out.putFloat(value);
                }
            }
            case F16 -> {
                for (float value : row) {
                    out.putShort(half(value));
                }
            }
            case BF16 -> {
                for (float value : row) {
                    out.putShort(BFloat16.of(value));
                }
            }
            case Q8_0 -> {
                for (int i = 0; i < row.length; i += type.blockSize()) {
                    encodeQ8(row, i, type.blockSize(), out);
                }
            }
            default -> throw new IllegalArgumentException(type.name());
        }
    }

    private static short half(float value) {
        short bits = Float.floatToFloat16(value);
        if (Float.isFinite(value) && !Float.isFinite(Float.float16ToFloat(bits))) {
            throw new ArithmeticException(value + " is too large for F16");
        }
        return bits;
    }

    /** Scales the largest magnitude to 127 and rounds halves away from zero. */
    private static void encodeQ8(float[] row, int start, int size, ByteBuffer out) {
        float largest = 0;
        for (int i = start; i < start + size; i++) {
            if (!Float.isFinite(row[i])) {
                throw new ArithmeticException(row[i] + " cannot be stored as Q8_0");
            }
            largest = Math.max(largest, Math.abs(row[i]));
        }
        float scale = largest / Q8_MAX;
        float inverse = scale == 0 ? 0 : 1 / scale;
        out.putShort(half(scale));
        for (int i = start; i < start + size; i++) {
            float scaled = row[i] * inverse;
            float magnitude = Math.abs(scaled);
            int floor = (int) Math.min(Q8_MAX, magnitude);
            int rounded = magnitude - floor >= 0.5f ? floor + 1 : floor;
            out.put((byte) Math.copySign(Math.min(Q8_MAX, rounded), scaled));
        }
    }
}
