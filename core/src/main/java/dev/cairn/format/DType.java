package dev.cairn.format;

import java.util.Optional;

/**
 * The number formats of safetensors files, in the reference library's order of increasing size.
 * Cairn computes with {@link #F32}, {@link #F16} and {@link #BF16}; the others are listed so that
 * files that contain them can be opened.
 */
public enum DType {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E5M2FNUZ(8),
    F8_E4M3FNUZ(8),
    F8_E8M0(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private final int bits;

    DType(int bits) {
        this.bits = bits;
    }

    /** The format with this name in a safetensors header, for example {@code BF16}. */
    static Optional<DType> named(String name) {
        for (DType dtype : values()) {
            if (dtype.name().equals(name)) {
                return Optional.of(dtype);
            }
        }
        return Optional.empty();
    }

    /**
     * Size in bytes of {@code elements} numbers.
     *
     * @throws ArithmeticException when they do not fill whole bytes or the size overflows
     */
    public long byteSize(long elements) {
        long totalBits = SafetensorsHeader.times(elements, bits);
        if (totalBits % 8 != 0) {
            throw new ArithmeticException(elements + " numbers of " + bits + " bits end mid-byte");
        }
        return totalBits / 8;
    }

    /** The alignment of a number of this format, in bytes. */
    int alignment() {
        return Math.max(1, bits / 8);
    }
}
