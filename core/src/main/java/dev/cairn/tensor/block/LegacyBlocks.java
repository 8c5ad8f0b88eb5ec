package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.coldHalf;
import static dev.cairn.tensor.block.BlockBytes.coldInt32;

/**
 * Blocks of 32 numbers with one scale d, some with a minimum m: {@code d·q} or {@code d·q + m}. Of
 * four-bit numbers, the low nibbles are the first half of the block, the high nibbles the second.
 */
final class LegacyBlocks {
    private static final int SIZE = 32;
    private static final int HALF = 16;

    private LegacyBlocks() {}

    static void q4Zero(byte[] data, int at, float[] out, int to) {
        fourBits(data, at + 2, out, to);
        scale(coldHalf(data, at), 8, out, to);
    }

    static void q4One(byte[] data, int at, float[] out, int to) {
        fourBits(data, at + 4, out, to);
        scaleAndMove(coldHalf(data, at), coldHalf(data, at + 2), out, to);
    }

    static void q5Zero(byte[] data, int at, float[] out, int to) {
        fiveBits(data, at + 2, out, to);
        scale(coldHalf(data, at), 16, out, to);
    }

    static void q5One(byte[] data, int at, float[] out, int to) {
        fiveBits(data, at + 4, out, to);
        scaleAndMove(coldHalf(data, at), coldHalf(data, at + 2), out, to);
    }

    static void q8Zero(byte[] data, int at, float[] out, int to) {
        eightBits(data, at + 2, out, to);
        scale(coldHalf(data, at), 0, out, to);
    }

    private static void scale(float d, int zero, float[] out, int to) {
        for (int i = to; i < to + SIZE; i++) {
            out[i] = (out[i] - zero) * d;
        }
    }

    private static void scaleAndMove(float d, float m, float[] out, int to) {
        for (int i = to; i < to + SIZE; i++) {
            out[i] = out[i] * d + m;
        }
    }

    /** A block's numbers as they are stored. */
    static void fourBits(byte[] data, int at, float[] out, int to) {
        for (int i = 0; i < HALF; i++) {
            int pair = data[at + i];
            out[to + i] = pair & 0xF;
            out[to + HALF + i] = pair >> 4 & 0xF;
        }
    }

    /** Like {@link #fourBits}: the fifth bits of all numbers, in one int, come first. */
    static void fiveBits(byte[] data, int at, float[] out, int to) {
        int fifths = coldInt32(data, at);
        for (int i = 0; i < HALF; i++) {
            int pair = data[at + 4 + i];
            out[to + i] = pair & 0xF | (fifths >>> i & 1) << 4;
            out[to + HALF + i] = pair >> 4 & 0xF | (fifths >>> HALF + i & 1) << 4;
        }
    }

    static void eightBits(byte[] data, int at, float[] out, int to) {
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = data[at + i];
        }
    }
}
