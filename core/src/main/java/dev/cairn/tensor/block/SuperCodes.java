package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.int32;
import static dev.cairn.tensor.block.BlockBytes.unsigned;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;
import static dev.cairn.tensor.block.BlockVectors.shorts;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.ShortVector;

/** {@link SuperBlocks} in vectors: from blocks to {@link Codes}. */
final class SuperCodes {
    private static final int SIZE = 256;
    private static final int GROUP = 32;

    private SuperCodes() {}

    static void q2(byte[] data, int at, int blocks, Codes out) {
        int from = at;
        for (int b = 0; b < blocks; b++, from += 84) {
            float d = half(data, from + 80);
            float dmin = -half(data, from + 82);
            for (int g = 0; g < 16; g++) {
                int scale = unsigned(data, from + g);
                out.scales[b * 16 + g] = d * (scale & 0xF);
                out.mins[b * 16 + g] = dmin * (scale >> 4);
            }
            for (int k = 0; k < SIZE; k += 128) {
                for (int i = 0; i < GROUP; i += SHORT_LANES) {
                    ShortVector four = shorts(data, from + 16 + k / 4 + i);
                    int to = b * SIZE + k + i;
                    four.and((short) 3).intoArray(out.q, to);
                    four.lanewise(LSHR, 2).and((short) 3).intoArray(out.q, to + 32);
                    four.lanewise(LSHR, 4).and((short) 3).intoArray(out.q, to + 64);
                    four.lanewise(LSHR, 6).intoArray(out.q, to + 96);
                }
            }
        }
    }

    static void q3(byte[] data, int at, int blocks, Codes out) {
        int from = at;
        for (int b = 0; b < blocks; b++, from += 110) {
            float d = half(data, from + 108);
            for (int g = 0; g < 16; g++) {
                out.scales[b * 16 + g] = d * (SuperBlocks.q3Scale(data, from + 96, g) - 32);
            }
            for (int i = 0; i < GROUP; i += SHORT_LANES) {
                // Bit 2 + n is the third bit of the n-th 32 numbers; every step brings the next.
                ShortVector third = shorts(data, from + i).lanewise(LSHL, 2);
                for (int k = 0; k < SIZE; k += 128) {
                    ShortVector four = shorts(data, from + 32 + k / 4 + i);
                    for (int n = k; n < k + 128; n += GROUP) {
                        four.and((short) 3)
                                .or(third.and((short) 4))
                                .sub((short) 4)
                                .intoArray(out.q, b * SIZE + n + i);
                        four = four.lanewise(LSHR, 2);
                        third = third.lanewise(LSHR, 1);
                    }
                }
            }
        }
    }

    static void q4(byte[] data, int at, int blocks, Codes out) {
        int from = at;
        for (int b = 0; b < blocks; b++, from += 144) {
            scales(data, from, out, b * (SIZE / GROUP));
            for (int pair = 0; pair < 4; pair++) {
                int to = b * SIZE + pair * 2 * GROUP;
                for (int i = 0; i < GROUP; i += SHORT_LANES) {
                    ShortVector pairs = shorts(data, from + 16 + pair * GROUP + i);
                    pairs.and((short) 15).intoArray(out.q, to + i);
                    pairs.lanewise(LSHR, 4).intoArray(out.q, to + GROUP + i);
                }
            }
        }
    }

    static void q5(byte[] data, int at, int blocks, Codes out) {
        int from = at;
        for (int b = 0; b < blocks; b++, from += 176) {
            scales(data, from, out, b * (SIZE / GROUP));
            for (int i = 0; i < GROUP; i += SHORT_LANES) {
                // Bit 4 + g is the fifth bit of group g; every step brings the next to place 4.
                ShortVector fifth = shorts(data, from + 16 + i).lanewise(LSHL, 4);
                for (int pair = 0; pair < 4; pair++) {
                    int to = b * SIZE + pair * 2 * GROUP + i;
                    ShortVector pairs = shorts(data, from + 48 + pair * GROUP + i);
                    pairs.and((short) 15).or(fifth.and((short) 16)).intoArray(out.q, to);
                    fifth = fifth.lanewise(LSHR, 1);
                    pairs.lanewise(LSHR, 4).or(fifth.and((short) 16)).intoArray(out.q, to + GROUP);
                    fifth = fifth.lanewise(LSHR, 1);
                }
            }
        }
    }

    static void q6(byte[] data, int at, int blocks, Codes out) {
        int from = at;
        for (int b = 0; b < blocks; b++, from += 210) {
            float d = half(data, from + 208);
            for (int g = 0; g < 16; g++) {
                out.scales[b * 16 + g] = d * data[from + 192 + g];
            }
            for (int part = 0; part < 2; part++) {
                sixBits(data, from + part * 64, from + 128 + part * 32, out, b * SIZE + part * 128);
            }
        }
    }

    /** 128 numbers of six bits less 32: two parts of four bits, one of two bits. */
    private static void sixBits(byte[] data, int low, int high, Codes out, int to) {
        for (int i = 0; i < GROUP; i += SHORT_LANES) {
            ShortVector a = shorts(data, low + i);
            ShortVector b = shorts(data, low + GROUP + i);
            ShortVector h = shorts(data, high + i);
            a.and((short) 15)
                    .or(h.lanewise(LSHL, 4).and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + i);
            b.and((short) 15)
                    .or(h.lanewise(LSHL, 2).and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + 32 + i);
            a.lanewise(LSHR, 4).or(h.and((short) 48)).sub((short) 32).intoArray(out.q, to + 64 + i);
            b.lanewise(LSHR, 4)
                    .or(h.lanewise(LSHR, 2).and((short) 48))
                    .sub((short) 32)
                    .intoArray(out.q, to + 96 + i);
        }
    }

    /** Eight scales and minima of six bits, in 12 bytes; four at a time are the bytes of an int. */
    private static void scales(byte[] data, int at, Codes out, int to) {
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
