package dev.cairn.tensor.block;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A format that stores consecutive numbers of a row together in one block, with scales of their own
 * (ggml-org/ggml, {@code ggml-common.h} and {@code ggml-quants.c}). Multi-byte values are
 * little-endian.
 */
public enum BlockFormat {
    Q4_0(32, 18, LegacyBlocks::q4Zero, 32, false, LegacyCodes::q4Zero, LegacyProducts::q4Zero),
    Q4_1(32, 20, LegacyBlocks::q4One, 32, true, LegacyCodes::q4One, LegacyProducts::q4One),
    Q5_0(32, 22, LegacyBlocks::q5Zero, 32, false, LegacyCodes::q5Zero, LegacyProducts::q5Zero),
    Q5_1(32, 24, LegacyBlocks::q5One, 32, true, LegacyCodes::q5One, LegacyProducts::q5One),
    Q8_0(32, 34, LegacyBlocks::q8Zero, 32, false, LegacyCodes::q8Zero, LegacyProducts::q8Zero),
    Q2_K(256, 84, SuperBlocks::q2, 16, true, SuperCodes::q2, null),
    Q3_K(256, 110, SuperBlocks::q3, 16, false, SuperCodes::q3, null),
    Q4_K(256, 144, SuperBlocks::q4, 32, true, SuperCodes::q4, SuperProducts::q4),
    Q5_K(256, 176, SuperBlocks::q5, 32, true, SuperCodes::q5, SuperProducts::q5),
    Q6_K(256, 210, SuperBlocks::q6, 16, false, SuperCodes::q6, SuperProducts::q6),
    IQ4_NL(32, 18, CodebookBlocks::iq4Nl, 32, false, CodebookCodes::iq4Nl, null),
    IQ4_XS(256, 136, CodebookBlocks::iq4Xs, 32, false, CodebookCodes::iq4Xs, null),
    MXFP4(32, 17, CodebookBlocks::mxfp4, 32, false, CodebookCodes::mxfp4, null);

    private final int size;
    private final int bytes;
    private final Decoder decoder;
    private final int group;
    private final boolean hasMins;
    private final Unpacker unpacker;
    private final @Nullable Product product;

    private static final int SUPER = 256;

    /** The smallest group that shares a scale. */
    static final int LEAST_GROUP = 16;

    /** Decodes one block. */
    private interface Decoder {
        /** Reads the block at {@code at}, writes its numbers from {@code out[to]} on. */
        void decode(byte[] data, int at, float[] out, int to);
    }

    /** Takes blocks apart, in vectors. */
    private interface Unpacker {
        /** Reads {@code blocks} blocks from {@code at} on. */
        void unpack(byte[] data, int at, int blocks, Codes out);
    }

    /** Multiplies two rows of blocks with a row of inputs. */
    private interface Product {
        void multiply(
                MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch to);
    }

    /**
     * @param group how many numbers share a scale
     * @param hasMins whether groups have minima besides
     */
    BlockFormat(
            int size,
            int bytes,
            Decoder decoder,
            int group,
            boolean hasMins,
            Unpacker unpacker,
            @Nullable Product product) {
        this.size = size;
        this.bytes = bytes;
        this.decoder = decoder;
        this.group = group;
        this.hasMins = hasMins;
        this.unpacker = unpacker;
        this.product = product;
    }

    /** Numbers per block. */
    public int size() {
        return size;
    }

    /** Bytes per block. */
    public int bytes() {
        return bytes;
    }

    /**
     * Bytes of a row of {@code cols} numbers.
     *
     * @throws IllegalArgumentException if a row is not a whole number of blocks
     */
    public long rowBytes(int cols) {
        if (cols % size != 0) {
            throw new IllegalArgumentException(
                    "%s: expected rows of a multiple of %d numbers, found %d"
                            .formatted(this, size, cols));
        }
        return (long) (cols / size) * bytes;
    }

    /**
     * Decodes one block to floats, with the very bits of ggml's reference code.
     *
     * @param at offset of the block in bytes
     * @param to index of its first number in {@code out}
     */
    public void decode(MemorySegment data, long at, float[] out, int to) {
        decodeAll(data, at, 1, new Codes(), out, to);
    }

    /**
     * Decodes consecutive blocks like {@link #decode}.
     *
     * @param codes scratch
     */
    public void decodeAll(
            MemorySegment data, long at, int blocks, Codes codes, float[] out, int to) {
        byte[] copy = codes.copy(data, at, blocks * bytes);
        for (int b = 0; b < blocks; b++) {
            decoder.decode(copy, b * bytes, out, to + b * size);
        }
    }

    /** Whether groups of numbers have minima, besides their scales. */
    boolean hasMins() {
        return hasMins;
    }

    /**
     * Converts consecutive blocks to floats in vectors, with the bits of {@link #decode}.
     *
     * @param codes scratch
     */
    public void read(MemorySegment data, long at, int blocks, Codes codes, float[] out, int to) {
        codes.reserve(blocks * size);
        unpacker.unpack(codes.copy(data, at, blocks * bytes), 0, blocks, codes);
        codes.floats(group, hasMins, blocks * size, out, to);
    }

    /** Whether rows are multiplied as they are; those of other formats are read as floats first. */
    public boolean hasProducts() {
        return product != null;
    }

    /**
     * Multiplies two rows of blocks with a row of inputs.
     *
     * @param at start of the first row in bytes
     * @param toB distance of the second row
     * @param scratch receives the products; see {@link BlockScratch#sum}
     * @throws IllegalArgumentException if this format has no products; see {@link #hasProducts}
     */
    public void multiply(
            MemorySegment data, long at, long toB, int blocks, BlockInput x, BlockScratch scratch) {
        if (product == null) {
            throw new IllegalArgumentException(this + " has no products");
        }
        product.multiply(data, at, toB, blocks, x, scratch);
    }

    /** Whether several rows of inputs share what is made of the weights. */
    public boolean hasTiles() {
        return product != null && size != SUPER;
    }

    /**
     * Like {@link #multiply}, with the same bits, for {@link BlockScratch#TILE} rows of inputs.
     *
     * @param inputs rows of inputs
     * @param first the first one of the tile
     * @param last the last one there is; it counts again if a tile has too few
     * @param scratch receives the products; see {@link BlockScratch#sum(int, int)}
     */
    public void multiplyTile(
            MemorySegment data,
            long at,
            long toB,
            int blocks,
            BlockInput[] inputs,
            int first,
            int last,
            BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, toB, blocks * bytes);
        for (int i = 0; i < BlockScratch.TILE; i++) {
            scratch.tile[i] = inputs[Math.min(first + i, last)];
        }
        int second = BlockScratch.TILE * BlockVectors.LANES;
        LegacyTile.row(this, rows, 0, blocks, scratch.tile, scratch.lanes, 0);
        LegacyTile.row(this, rows, blocks * bytes, blocks, scratch.tile, scratch.lanes, second);
    }

    /**
     * Like {@link #multiply}, with the same bits, in loops.
     *
     * @param x {@linkplain BlockInput#arrangeForLoops in order for loops}
     */
    public void multiplyInLoops(
            MemorySegment data,
            long at,
            long apart,
            int blocks,
            BlockInput x,
            BlockScratch scratch) {
        byte[] rows = scratch.copy(data, at, apart, blocks * bytes);
        int toB = blocks * bytes;
        if (size == SUPER) {
            SuperLoops loops = scratch.superLoops;
            loops.row(this, rows, 0, blocks, x, scratch.lanes, 0);
            loops.row(this, rows, toB, blocks, x, scratch.lanes, BlockVectors.LANES);
        } else {
            LegacyLoops loops = scratch.legacyLoops;
            loops.row(this, rows, 0, blocks, x, scratch.lanes, 0);
            loops.row(this, rows, toB, blocks, x, scratch.lanes, BlockVectors.LANES);
        }
    }

    /**
     * Steps of {@link dev.cairn.tensor.ColdStart} that loops over this many weights count as: fewer
     * for those of {@link LegacyLoops}, which are compiled sooner.
     */
    public long loopSteps(long weights) {
        return size == SUPER ? weights : weights / 16;
    }

    /** The integer that stands for zero, in formats without minima. */
    int zero() {
        return switch (this) {
            case Q4_0 -> 8;
            case Q5_0 -> 16;
            default -> 0;
        };
    }
}
