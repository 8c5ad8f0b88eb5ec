package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.coldHalf;
import static dev.cairn.tensor.block.BlockBytes.unsigned;
import static dev.cairn.tensor.block.BlockBytes.unsigned16;

/** Blocks whose four-bit numbers are indexes into a table of unevenly spaced values. */
final class CodebookBlocks {
    /** ggml's {@code kvalues_iq4nl}. */
    static final int[] IQ4 = {
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
    };

    /** Twice the values of E2M1, the four-bit float of the OCP Microscaling specification. */
    static final int[] E2M1 = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

    private CodebookBlocks() {}

    static void iq4Nl(byte[] data, int at, float[] out, int to) {
        nibbles(data, at + 2, IQ4, coldHalf(data, at), out, to);
    }

    /** Eight groups of 32 with scales of six bits, stored plus 32. */
    static void iq4Xs(byte[] data, int at, float[] out, int to) {
        float d = coldHalf(data, at);
        for (int g = 0; g < 8; g++) {
            float scale = d * (iq4XsScale(data, at, g) - 32);
            nibbles(data, at + 8 + 16 * g, IQ4, scale, out, to + 32 * g);
        }
    }

    /** The scale of a group: four bits in a nibble, two in 16 bits for all. */
    static int iq4XsScale(byte[] data, int at, int group) {
        int low = unsigned(data, at + 4 + group / 2) >> group % 2 * 4 & 0xF;
        return low | (unsigned16(data, at + 2) >> 2 * group & 3) << 4;
    }

    /** The scale is a power of two, its exponent stored plus 127 (E8M0). */
    static void mxfp4(byte[] data, int at, float[] out, int to) {
        nibbles(data, at + 1, E2M1, halfPowerOfTwo(unsigned(data, at)), out, to);
    }

    /** {@code 2^(exponent − 128)}: half of the scale, because the table holds doubled values. */
    static float halfPowerOfTwo(int exponent) {
        int bits = exponent < 2 ? 0x200000 << exponent : exponent - 1 << 23;
        return Float.intBitsToFloat(bits);
    }

    private static void nibbles(byte[] data, int at, int[] table, float d, float[] out, int to) {
        for (int i = 0; i < 16; i++) {
            int pair = unsigned(data, at + i);
            out[to + i] = d * table[pair & 0xF];
            out[to + 16 + i] = d * table[pair >> 4];
        }
    }
}
