package dev.cairn.format;

import dev.cairn.tensor.block.BlockFormat;
import java.util.Optional;

/**
 * The number formats of GGUF files (ggml-org/ggml, {@code ggml.h} and {@code ggml-common.h}). Cairn
 * reads {@link #F32}, {@link #F16}, {@link #BF16} and those of {@link BlockFormat}; the others are
 * listed so that files that contain them can be opened.
 */
public enum GgmlType {
    F32(0, 1, 4),
    F16(1, 1, 2),
    Q4_0(2, 32, 18),
    Q4_1(3, 32, 20),
    Q5_0(6, 32, 22),
    Q5_1(7, 32, 24),
    Q8_0(8, 32, 34),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144),
    Q5_K(13, 256, 176),
    Q6_K(14, 256, 210),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36),
    Q1_0(41, 128, 18);

    private final int id;
    private final int blockSize;
    private final int blockBytes;

    GgmlType(int id, int blockSize, int blockBytes) {
        this.id = id;
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
    }

    /** The format with this id in a file. */
    static Optional<GgmlType> of(int id) {
        for (GgmlType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The id in a file. */
    int id() {
        return id;
    }

    /** The blocks of this format; empty if it has none that Cairn can read. */
    public Optional<BlockFormat> blocks() {
        for (BlockFormat format : BlockFormat.values()) {
            if (format.name().equals(name())) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /**
     * How many consecutive numbers of a row are stored together; a row is a whole number of blocks.
     */
    public int blockSize() {
        return blockSize;
    }

    /** Size of a block in bytes. */
    int blockBytes() {
        return blockBytes;
    }

    /**
     * Size in bytes of a row of {@code columns} numbers.
     *
     * @throws ArithmeticException when {@code columns} is not a multiple of {@link #blockSize()} or
     *     the size overflows
     */
    long rowBytes(long columns) {
        if (columns % blockSize != 0) {
            throw new ArithmeticException(
                    "rows of %d numbers are not a multiple of %s's block of %d"
                            .formatted(columns, this, blockSize));
        }
        return SafetensorsHeader.times(columns / blockSize, blockBytes);
    }
}
