package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.int32;
import static dev.cairn.tensor.block.BlockBytes.signed;
import static dev.cairn.tensor.block.BlockBytes.unsigned;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32 numbers with one scale d, some with a minimum m: {@code d·q} or {@code d·q + m}. Of
 * four-bit numbers, the low nibbles are the first half of the block, the high nibbles the second.
 */
final class LegacyBlocks {
    private static final int HALF = 16;

    private LegacyBlocks() {}

    static void q4Zero(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        for (int i = 0; i < HALF; i++) {
            int pair = unsigned(data, at + 2 + i);
            out[to + i] = ((pair & 0xF) - 8) * d;
            out[to + HALF + i] = ((pair >> 4) - 8) * d;
        }
    }

    static void q4One(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        float m = half(data, at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = unsigned(data, at + 4 + i);
            out[to + i] = (pair & 0xF) * d + m;
            out[to + HALF + i] = (pair >> 4) * d + m;
        }
    }

    /** The fifth bits of all numbers are the bits of one int. */
    static void q5Zero(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        int fifth = int32(data, at + 2);
        for (int i = 0; i < HALF; i++) {
            int pair = unsigned(data, at + 6 + i);
            out[to + i] = (low(pair, fifth, i) - 16) * d;
            out[to + HALF + i] = (high(pair, fifth, i) - 16) * d;
        }
    }

    static void q5One(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        float m = half(data, at + 2);
        int fifth = int32(data, at + 4);
        for (int i = 0; i < HALF; i++) {
            int pair = unsigned(data, at + 8 + i);
            out[to + i] = low(pair, fifth, i) * d + m;
            out[to + HALF + i] = high(pair, fifth, i) * d + m;
        }
    }

    private static int low(int pair, int fifth, int i) {
        return (pair & 0xF) | (fifth >>> i & 1) << 4;
    }

    private static int high(int pair, int fifth, int i) {
        return pair >> 4 | (fifth >>> (i + HALF) & 1) << 4;
    }

    static void q8Zero(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        for (int i = 0; i < 2 * HALF; i++) {
            out[to + i] = signed(data, at + 2 + i) * d;
        }
    }
}
