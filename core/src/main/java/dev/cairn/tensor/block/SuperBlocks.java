package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.coldHalf;
import static dev.cairn.tensor.block.BlockBytes.unsigned;

/**
 * ggml's "K" formats: blocks of 256 numbers in groups of 16 or 32, whose scales (and minima) are
 * small integers that share one half-precision factor.
 */
final class SuperBlocks {
    private static final int SIZE = 256;

    private SuperBlocks() {}

    /** Groups of 16: {@code d·s·q − dmin·m}, s and m the nibbles of a byte. */
    static void q2(byte[] data, int at, float[] out, int to) {
        float d = coldHalf(data, at + 80);
        float dmin = coldHalf(data, at + 82);
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
    static void q3(byte[] data, int at, float[] out, int to) {
        float d = coldHalf(data, at + 108);
        for (int i = 0; i < SIZE; i++) {
            int low = unsigned(data, at + 32 + i / 128 * 32 + i % 32) >> shift(i) & 3;
            int isHigh = unsigned(data, at + i % 32) >> i / 32 & 1;
            out[to + i] = d * (q3Scale(data, at + 96, i / 16) - 32) * (low - (isHigh == 1 ? 0 : 4));
        }
    }

    /** Scale k of 16 in 12 bytes: four bits in a nibble of the first 8, two in the last 4. */
    static int q3Scale(byte[] data, int at, int k) {
        int low = unsigned(data, at + k % 8) >> k / 8 * 4 & 0xF;
        return low | (unsigned(data, at + 8 + k % 4) >> k / 4 * 2 & 3) << 4;
    }

    /** Groups of 32: {@code d·s·q − dmin·m}. */
    static void q4(byte[] data, int at, float[] out, int to) {
        fourBits(data, at + 16, out, to);
        scaleAndMove(data, at, out, to);
    }

    /** A block's numbers as they are stored: the low nibbles of 32 bytes before the high ones. */
    static void fourBits(byte[] data, int at, float[] out, int to) {
        for (int pair = 0; pair < 4; pair++) {
            int low = to + 64 * pair;
            for (int i = 0; i < 32; i++) {
                int nibbles = data[at + 32 * pair + i];
                out[low + i] = nibbles & 0xF;
                out[low + 32 + i] = nibbles >> 4 & 0xF;
            }
        }
    }

    /** Like {@link #q4}; the fifth bit of group g is bit g of a byte. */
    static void q5(byte[] data, int at, float[] out, int to) {
        fiveBits(data, at + 16, out, to);
        scaleAndMove(data, at, out, to);
    }

    /** Like {@link #fourBits}: the fifth bits come first, in 32 bytes. */
    static void fiveBits(byte[] data, int at, float[] out, int to) {
        for (int pair = 0; pair < 4; pair++) {
            int low = to + 64 * pair;
            for (int i = 0; i < 32; i++) {
                int fifths = data[at + i] >> 2 * pair;
                int nibbles = data[at + 32 + 32 * pair + i];
                out[low + i] = nibbles & 0xF | (fifths & 1) << 4;
                out[low + 32 + i] = nibbles >> 4 & 0xF | (fifths & 2) << 3;
            }
        }
    }

    private static void scaleAndMove(byte[] data, int at, float[] out, int to) {
        float d = coldHalf(data, at);
        float dmin = coldHalf(data, at + 2);
        for (int g = 0; g < 8; g++) {
            float scale = d * scale(data, at + 4, g);
            float least = dmin * minimum(data, at + 4, g);
            for (int i = to + 32 * g; i < to + 32 * g + 32; i++) {
                out[i] = scale * out[i] - least;
            }
        }
    }

    /** The six-bit scale of a group; 8 scales and 8 minima share 12 bytes. */
    static int scale(byte[] data, int at, int group) {
        return group < 4
                ? unsigned(data, at + group) & 63
                : unsigned(data, at + group + 4) & 0xF | unsigned(data, at + group - 4) >> 6 << 4;
    }

    /** The six-bit minimum of a group. */
    static int minimum(byte[] data, int at, int group) {
        return group < 4
                ? unsigned(data, at + group + 4) & 63
                : unsigned(data, at + group + 4) >> 4 | unsigned(data, at + group) >> 6 << 4;
    }

    /** Groups of 16: {@code d·s·(q − 32)}, s a signed byte. */
    static void q6(byte[] data, int at, float[] out, int to) {
        sixBits(data, at, out, to);
        float d = coldHalf(data, at + 208);
        for (int g = 0; g < 16; g++) {
            float scale = d * data[at + 192 + g];
            for (int i = to + 16 * g; i < to + 16 * g + 16; i++) {
                out[i] = scale * (out[i] - 32);
            }
        }
    }

    /**
     * A block's numbers as they are stored: of each 128, four bits in the nibbles of 64 bytes, and
     * two in the quarters of 32 bytes further on.
     */
    static void sixBits(byte[] data, int at, float[] out, int to) {
        for (int part = 0; part < 2; part++) {
            int low = at + 64 * part;
            int first = to + 128 * part;
            for (int i = 0; i < 32; i++) {
                int a = data[low + i];
                int b = data[low + 32 + i];
                int high = data[at + 128 + 32 * part + i];
                out[first + i] = a & 0xF | (high & 3) << 4;
                out[first + 32 + i] = b & 0xF | (high >> 2 & 3) << 4;
                out[first + 64 + i] = a >> 4 & 0xF | (high >> 4 & 3) << 4;
                out[first + 96 + i] = b >> 4 & 0xF | (high >> 6 & 3) << 4;
            }
        }
    }
}
