package dev.cairn.tensor.block;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A format that stores consecutive numbers of a row together in one block, with scales of their own
 * (ggml-org/ggml, {@code ggml-common.h} and {@code ggml-quants.c}). Multi-byte values are
 * little-endian.
 */
public enum BlockFormat {
    Q4_0(32, 18, LegacyBlocks::q4Zero, 32, false, LegacyCodes::q4Zero, LegacyProducts::nibbles),
    Q4_1(32, 20, LegacyBlocks::q4One, 32, true, LegacyCodes::q4One, LegacyProducts::nibbles),
    Q5_0(32, 22, LegacyBlocks::q5Zero, 32, false, LegacyCodes::q5Zero, LegacyProducts::fiveBits),
    Q5_1(32, 24, LegacyBlocks::q5One, 32, true, LegacyCodes::q5One, LegacyProducts::fiveBits),
    Q8_0(32, 34, LegacyBlocks::q8Zero, 32, false, LegacyCodes::q8Zero),
    Q2_K(256, 84, SuperBlocks::q2),
    Q3_K(256, 110, SuperBlocks::q3),
    Q4_K(256, 144, SuperBlocks::q4, 32, true, SuperCodes::q4),
    Q5_K(256, 176, SuperBlocks::q5, 32, true, SuperCodes::q5),
    Q6_K(256, 210, SuperBlocks::q6, 16, false, SuperCodes::q6),
    IQ4_NL(32, 18, CodebookBlocks::iq4Nl),
    IQ4_XS(256, 136, CodebookBlocks::iq4Xs),
    MXFP4(32, 17, CodebookBlocks::mxfp4);

    private final int size;
    private final int bytes;
    private final Decoder decoder;
    private final int group;
    private final boolean hasMins;
    private final @Nullable Unpacker unpacker;
    private final @Nullable Multiplier multiplier;

    /** The smallest group that shares a scale. */
    static final int LEAST_GROUP = 16;

    /** Decodes one block. */
    private interface Decoder {
        /** Reads the block at {@code at}, writes its numbers from {@code out[to]} on. */
        void decode(MemorySegment data, long at, float[] out, int to);
    }

    /** Multiplies two rows of blocks with a row of integers. */
    private interface Multiplier {
        void multiply(
                MemorySegment data,
                long at,
                long toB,
                int apart,
                int skip,
                short zero,
                short[] x,
                float[] xScales,
                int groups,
                float[] minsA,
                float[] minsB,
                float[] lanes);
    }

    /** Takes blocks apart. */
    private interface Unpacker {
        /** Reads {@code blocks} blocks from {@code at} on. */
        void unpack(MemorySegment data, long at, int blocks, Codes out);
    }

    BlockFormat(int size, int bytes, Decoder decoder) {
        this(size, bytes, decoder, size, false, null, null);
    }

    BlockFormat(
            int size, int bytes, Decoder decoder, int group, boolean hasMins, Unpacker unpacker) {
        this(size, bytes, decoder, group, hasMins, unpacker, null);
    }

    BlockFormat(
            int size,
            int bytes,
            Decoder decoder,
            int group,
            boolean hasMins,
            @Nullable Unpacker unpacker,
            @Nullable Multiplier multiplier) {
        this.size = size;
        this.bytes = bytes;
        this.decoder = decoder;
        this.group = group;
        this.hasMins = hasMins;
        this.unpacker = unpacker;
        this.multiplier = multiplier;
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
        decoder.decode(data, at, out, to);
    }

    /** Whether {@link #unpack} supports this format. */
    public boolean hasCodes() {
        return unpacker != null;
    }

    /** How many numbers share a scale in {@link Codes}. */
    public int group() {
        return group;
    }

    /** Whether {@link Codes} of this format have minima. */
    public boolean hasMins() {
        return hasMins;
    }

    /**
     * Reads the integers and scales of consecutive blocks, in vectors.
     *
     * @throws IllegalArgumentException if this format has none; see {@link #hasCodes}
     */
    public void unpack(MemorySegment data, long at, int blocks, Codes out) {
        if (unpacker == null) {
            throw new IllegalArgumentException(this + " has no codes");
        }
        out.reserve(blocks * size);
        unpacker.unpack(data, at, blocks, out);
    }

    /** Converts what {@link #unpack} read to floats, with the bits of {@link #decode}. */
    public void floats(Codes codes, int blocks, float[] out, int to) {
        codes.floats(group, hasMins, blocks * size, out, to);
    }

    /**
     * Multiplies what {@link #unpack} read with a row of integers: {@code Σ scale · xScale · Σ q ·
     * x}, without minima.
     *
     * @param xScales one for every 32 integers
     * @param groups how many groups of 32 there are
     * @param lanes receives a vector, whose lanes are still to be added
     */
    public void multiply(Codes w, short[] x, float[] xScales, int groups, float[] lanes) {
        if (group == 32) {
            CodeProducts.groupsOf32(w.q, w.scales, x, xScales, groups, lanes);
        } else {
            CodeProducts.groupsOf16(w.q, w.scales, x, xScales, groups, lanes);
        }
    }

    /**
     * The greatest magnitude of an integer that {@code multiply} takes: the products that a lane of
     * 16 bits adds up (two; one in groups of 16) must not overflow with the greatest integer of a
     * weight, which is 8, 15, 16, 31 or 32.
     */
    public int greatestInput() {
        return switch (this) {
            case Q4_0 -> 2047;
            case Q4_1, Q4_K, Q5_0, Q6_K -> 1023;
            case Q5_1, Q5_K -> 511;
            default -> throw new IllegalArgumentException(this + " is multiplied in floats");
        };
    }

    /** Whether products of few rows round their inputs; others are computed in floats. */
    public boolean roundsInputs() {
        return hasCodes() && this != Q8_0;
    }

    /** Whether rows can be multiplied without {@link Codes}. */
    public boolean multipliesDirectly() {
        return multiplier != null;
    }

    /**
     * Multiplies two rows with a row of integers, with the bits of the other {@code multiply}.
     *
     * @param at start of the first row in bytes
     * @param toB distance of the second row
     * @param a receives the minima of the first row, b those of the second
     * @param lanes receives two vectors
     */
    public void multiply(
            MemorySegment data,
            long at,
            long toB,
            int blocks,
            short[] x,
            float[] xScales,
            Codes a,
            Codes b,
            float[] lanes) {
        if (multiplier == null) {
            throw new IllegalArgumentException(this + " is not multiplied without codes");
        }
        a.reserve(blocks * size);
        b.reserve(blocks * size);
        int skip = hasMins ? 4 : 2;
        multiplier.multiply(
                data, at, toB, bytes, skip, zero(), x, xScales, blocks, a.mins, b.mins, lanes);
    }

    /** The integer of a weight of zero, in formats without minima. */
    private short zero() {
        return switch (this) {
            case Q4_0 -> 8;
            case Q5_0 -> 16;
            default -> 0;
        };
    }
}
