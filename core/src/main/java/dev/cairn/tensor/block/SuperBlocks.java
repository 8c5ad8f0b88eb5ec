package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.signed;
import static dev.cairn.tensor.block.BlockBytes.unsigned;

import java.lang.foreign.MemorySegment;

/**
 * ggml's "K" formats: blocks of 256 numbers in groups of 16 or 32, whose scales (and minima) are
 * small integers that share one half-precision factor.
 */
final class SuperBlocks {
    private static final int SIZE = 256;

    private SuperBlocks() {}

    /** Groups of 16: {@code d·s·q − dmin·m}, s and m the nibbles of a byte. */
    static void q2(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at + 80);
        float dmin = half(data, at + 82);
        for (int i = 0; i < SIZE; i++) {
            int scale = unsigned(data, at + i / 16);
            int q = unsigned(data, at + 16 + i / 128 * 32 + i % 32) >> shift(i) & 3;
            out[to + i] = d * (scale & 0xF) * q - dmin * (scale >> 4);
        }
    }

    /** Of each 128 numbers, 32 share the place of their two bits within a byte. */
    private static int shift(int i) {
        return i % 128 / 32 * 2;
    }

    /** Groups of 16: {@code d·(s − 32)·(q − 4)}, the third bit of q in a mask, inverted. */
    static void q3(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at + 108);
        for (int i = 0; i < SIZE; i++) {
            int low = unsigned(data, at + 32 + i / 128 * 32 + i % 32) >> shift(i) & 3;
            int isHigh = unsigned(data, at + i % 32) >> i / 32 & 1;
            out[to + i] = d * (q3Scale(data, at + 96, i / 16) - 32) * (low - (isHigh == 1 ? 0 : 4));
        }
    }

    /** Scale k of 16 in 12 bytes: four bits in a nibble of the first 8, two in the last 4. */
    static int q3Scale(MemorySegment data, long at, int k) {
        int low = unsigned(data, at + k % 8) >> k / 8 * 4 & 0xF;
        return low | (unsigned(data, at + 8 + k % 4) >> k / 4 * 2 & 3) << 4;
    }

    /** Groups of 32: {@code d·s·q − dmin·m}. */
    static void q4(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        float dmin = half(data, at + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(data, at + 4, g);
            float least = dmin * minimum(data, at + 4, g);
            for (int i = 32 * g; i < 32 * g + 32; i++) {
                out[to + i] = scale * fourBits(data, at + 16, i) - least;
            }
        }
    }

    /** Number i of a block: the low nibbles of 32 bytes before the high ones. */
    static int fourBits(MemorySegment data, long at, int i) {
        return unsigned(data, at + i / 64 * 32 + i % 32) >> i / 32 % 2 * 4 & 0xF;
    }

    /** Like {@link #q4}; the fifth bit of group g is bit g of a byte. */
    static void q5(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        float dmin = half(data, at + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(data, at + 4, g);
            float least = dmin * minimum(data, at + 4, g);
            for (int i = 32 * g; i < 32 * g + 32; i++) {
                out[to + i] = scale * fiveBits(data, at + 16, i) - least;
            }
        }
    }

    /** Number i of a block: its fifth bit comes first, then what {@link #fourBits} reads. */
    static int fiveBits(MemorySegment data, long at, int i) {
        int fifth = unsigned(data, at + i % 32) >> i / 32 & 1;
        return fourBits(data, at + 32, i) | fifth << 4;
    }

    /** The six-bit scale of a group; 8 scales and 8 minima share 12 bytes. */
    static int scale(MemorySegment data, long at, int group) {
        return group < 4
                ? unsigned(data, at + group) & 63
                : unsigned(data, at + group + 4) & 0xF | unsigned(data, at + group - 4) >> 6 << 4;
    }

    /** The six-bit minimum of a group. */
    static int minimum(MemorySegment data, long at, int group) {
        return group < 4
                ? unsigned(data, at + group + 4) & 63
                : unsigned(data, at + group + 4) >> 4 | unsigned(data, at + group) >> 6 << 4;
    }

    /** Groups of 16: {@code d·s·(q − 32)}, s a signed byte. */
    static void q6(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at + 208);
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = d * signed(data, at + 192 + i / 16) * (sixBits(data, at, i) - 32);
        }
    }

    /** Number i of a block as it is stored, 32 too large. */
    static int sixBits(MemorySegment data, long at, int i) {
        int part = i % 128 / 32;
        int low = unsigned(data, at + i / 128 * 64 + part % 2 * 32 + i % 32) >> part / 2 * 4;
        int high = unsigned(data, at + 128 + i / 128 * 32 + i % 32) >> part * 2;
        return low & 0xF | (high & 3) << 4;
    }
}
