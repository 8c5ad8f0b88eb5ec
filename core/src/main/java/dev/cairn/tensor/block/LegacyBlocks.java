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
    private static final int SIZE = 32;
    private static final int HALF = 16;

    private LegacyBlocks() {}

    static void q4Zero(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = (fourBits(data, at + 2, i) - 8) * d;
        }
    }

    static void q4One(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        float m = half(data, at + 2);
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = fourBits(data, at + 4, i) * d + m;
        }
    }

    /** Number i of a block. */
    static int fourBits(MemorySegment data, long at, int i) {
        return unsigned(data, at + i % HALF) >> i / HALF * 4 & 0xF;
    }

    static void q5Zero(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = (fiveBits(data, at + 2, i) - 16) * d;
        }
    }

    static void q5One(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        float m = half(data, at + 2);
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = fiveBits(data, at + 4, i) * d + m;
        }
    }

    /** Number i of a block: the fifth bits of all numbers, in one int, come first. */
    static int fiveBits(MemorySegment data, long at, int i) {
        return fourBits(data, at + 4, i) | (int32(data, at) >>> i & 1) << 4;
    }

    static void q8Zero(MemorySegment data, long at, float[] out, int to) {
        float d = half(data, at);
        for (int i = 0; i < SIZE; i++) {
            out[to + i] = signed(data, at + 2 + i) * d;
        }
    }
}
