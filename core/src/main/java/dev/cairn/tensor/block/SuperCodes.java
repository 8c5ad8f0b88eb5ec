package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.int32;
import static dev.cairn.tensor.block.BlockBytes.signed;
import static dev.cairn.tensor.block.BlockVectors.BYTES;
import static dev.cairn.tensor.block.BlockVectors.SHORTS;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** {@link SuperBlocks} in vectors: from blocks to {@link Codes}. */
final class SuperCodes {
    private static final int SIZE = 256;
    private static final int GROUP = 32;

    private SuperCodes() {}

    static void q4(MemorySegment data, long at, int blocks, Codes out) {
        long from = at;
        for (int b = 0; b < blocks; b++, from += 144) {
            scales(data, from, out, b * (SIZE / GROUP));
            for (int pair = 0; pair < 4; pair++) {
                int to = b * SIZE + pair * 2 * GROUP;
                for (int i = 0; i < GROUP; i += SHORT_LANES) {
                    ShortVector pairs =
                            ((ShortVector)
                                    ByteVector.fromMemorySegment(
                                                    BYTES,
                                                    data,
                                                    from + 16 + pair * GROUP + i,
                                                    LITTLE_ENDIAN)
                                            .convertShape(
                                                    VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
                    pairs.and((short) 15).intoArray(out.q, to + i);
                    pairs.lanewise(VectorOperators.LSHR, 4).intoArray(out.q, to + GROUP + i);
                }
            }
        }
    }

    static void q5(MemorySegment data, long at, int blocks, Codes out) {
        long from = at;
        for (int b = 0; b < blocks; b++, from += 176) {
            scales(data, from, out, b * (SIZE / GROUP));
            for (int i = 0; i < GROUP; i += SHORT_LANES) {
                // Bit 4 + g is the fifth bit of group g; every step brings the next to place 4.
                ShortVector fifth =
                        ((ShortVector)
                                        ByteVector.fromMemorySegment(
                                                        BYTES, data, from + 16 + i, LITTLE_ENDIAN)
                                                .convertShape(
                                                        VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0))
                                .lanewise(VectorOperators.LSHL, 4);
                for (int pair = 0; pair < 4; pair++) {
                    int to = b * SIZE + pair * 2 * GROUP + i;
                    ShortVector pairs =
                            ((ShortVector)
                                    ByteVector.fromMemorySegment(
                                                    BYTES,
                                                    data,
                                                    from + 48 + pair * GROUP + i,
                                                    LITTLE_ENDIAN)
                                            .convertShape(
                                                    VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
                    pairs.and((short) 15).or(fifth.and((short) 16)).intoArray(out.q, to);
                    fifth = fifth.lanewise(VectorOperators.LSHR, 1);
                    pairs.lanewise(VectorOperators.LSHR, 4)
                            .or(fifth.and((short) 16))
                            .intoArray(out.q, to + GROUP);
                    fifth = fifth.lanewise(VectorOperators.LSHR, 1);
                }
            }
        }
    }

    static void q6(MemorySegment data, long at, int blocks, Codes out) {
        long from = at;
        for (int b = 0; b < blocks; b++, from += 210) {
            float d = half(data, from + 208);
            for (int g = 0; g < 16; g++) {
                out.scales[b * 16 + g] = d * signed(data, from + 192 + g);
            }
            for (int part = 0; part < 2; part++) {
                sixBits(data, from + part * 64, from + 128 + part * 32, out, b * SIZE + part * 128);
            }
        }
    }

    /** 128 numbers of six bits less 32: two parts of four bits, one of two bits. */
    private static void sixBits(MemorySegment data, long low, long high, Codes out, int to) {
        for (int i = 0; i < GROUP; i += SHORT_LANES) {
            ShortVector a =
                    ((ShortVector)
                            ByteVector.fromMemorySegment(BYTES, data, low + i, LITTLE_ENDIAN)
                                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
            ShortVector b =
                    ((ShortVector)
                            ByteVector.fromMemorySegment(
                                            BYTES, data, low + GROUP + i, LITTLE_ENDIAN)
                                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
            ShortVector h =
                    ((ShortVector)
                            ByteVector.fromMemorySegment(BYTES, data, high + i, LITTLE_ENDIAN)
                                    .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0));
            a.and((short) 15)
                    .or(h.lanewise(VectorOperators.LSHL, 4).and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + i);
            b.and((short) 15)
                    .or(h.lanewise(VectorOperators.LSHL, 2).and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + 32 + i);
            a.lanewise(VectorOperators.LSHR, 4)
                    .or(h.and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + 64 + i);
            b.lanewise(VectorOperators.LSHR, 4)
                    .or(h.lanewise(VectorOperators.LSHR, 2).and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + 96 + i);
        }
    }

    /** Eight scales and minima of six bits, in 12 bytes; four at a time are the bytes of an int. */
    private static void scales(MemorySegment data, long at, Codes out, int to) {
        float d = half(data, at);
        float dmin = -half(data, at + 2);
        int a = int32(data, at + 4);
        int b = int32(data, at + 8);
        int c = int32(data, at + 12);
        bytes(a & 0x3F3F3F3F, d, out.scales, to);
        bytes(c & 0x0F0F0F0F | (a >>> 6 & 0x03030303) << 4, d, out.scales, to + 4);
        bytes(b & 0x3F3F3F3F, dmin, out.mins, to);
        bytes(c >>> 4 & 0x0F0F0F0F | (b >>> 6 & 0x03030303) << 4, dmin, out.mins, to + 4);
    }

    private static void bytes(int four, float factor, float[] out, int to) {
        out[to] = factor * (four & 0xFF);
        out[to + 1] = factor * (four >>> 8 & 0xFF);
        out[to + 2] = factor * (four >>> 16 & 0xFF);
        out[to + 3] = factor * (four >>> 24);
    }
}
