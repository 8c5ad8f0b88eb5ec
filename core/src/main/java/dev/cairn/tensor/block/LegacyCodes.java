package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockVectors.BYTES;
import static dev.cairn.tensor.block.BlockVectors.SHORTS;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;
import static dev.cairn.tensor.block.BlockVectors.shorts;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/** {@link LegacyBlocks} in vectors: from blocks to {@link Codes}. */
final class LegacyCodes {
    private static final int SIZE = 32;
    private static final int HALF = 16;

    /** Multiplied with 16 bits, lane i gets bit i as its sign. */
    private static final short[] TO_SIGN = new short[HALF];

    static {
        for (int i = 0; i < HALF; i++) {
            TO_SIGN[i] = (short) (1 << (HALF - 1 - i));
        }
    }

    private LegacyCodes() {}

    static void q4Zero(byte[] data, int at, int blocks, Codes out) {
        nibbles(data, at + 2, 18, blocks, (short) 8, out.q);
        halves(data, at, 18, blocks, out.scales);
    }

    static void q4One(byte[] data, int at, int blocks, Codes out) {
        nibbles(data, at + 4, 20, blocks, (short) 0, out.q);
        halves(data, at, 20, blocks, out.scales);
        halves(data, at + 2, 20, blocks, out.mins);
    }

    static void q5Zero(byte[] data, int at, int blocks, Codes out) {
        fiveBits(data, at + 2, 22, blocks, (short) 16, out.q);
        halves(data, at, 22, blocks, out.scales);
    }

    static void q5One(byte[] data, int at, int blocks, Codes out) {
        fiveBits(data, at + 4, 24, blocks, (short) 0, out.q);
        halves(data, at, 24, blocks, out.scales);
        halves(data, at + 2, 24, blocks, out.mins);
    }

    static void q8Zero(byte[] data, int at, int blocks, Codes out) {
        int from = at + 2;
        for (int k = 0; k < SIZE * blocks; k += SIZE, from += 34) {
            for (int i = 0; i < SIZE; i += SHORT_LANES) {
                ((ShortVector)
                                ByteVector.fromArray(BYTES, data, from + i)
                                        .convertShape(VectorOperators.B2S, SHORTS, 0))
                        .intoArray(out.q, k + i);
            }
        }
        halves(data, at, 34, blocks, out.scales);
    }

    /** One half-precision number per block. */
    private static void halves(byte[] data, int at, int apart, int blocks, float[] out) {
        for (int b = 0; b < blocks; b++) {
            out[b] = half(data, at + b * apart);
        }
    }

    /** Low nibbles are the first half of a block, high nibbles the second. */
    private static void nibbles(byte[] data, int at, int apart, int blocks, short zero, short[] q) {
        int from = at;
        for (int k = 0; k < SIZE * blocks; k += SIZE, from += apart) {
            for (int i = 0; i < HALF; i += SHORT_LANES) {
                ShortVector pairs = shorts(data, from + i);
                pairs.and((short) 15).sub(zero).intoArray(q, k + i);
                pairs.lanewise(VectorOperators.LSHR, 4).sub(zero).intoArray(q, k + HALF + i);
            }
        }
    }

    /** Four bytes with the fifth bits, then {@link #nibbles}. */
    private static void fiveBits(
            byte[] data, int at, int apart, int blocks, short zero, short[] q) {
        int from = at;
        for (int k = 0; k < SIZE * blocks; k += SIZE, from += apart) {
            int fifth = BlockBytes.int32(data, from);
            ShortVector first = ShortVector.broadcast(SHORTS, (short) fifth);
            ShortVector second = ShortVector.broadcast(SHORTS, (short) (fifth >> HALF));
            for (int i = 0; i < HALF; i += SHORT_LANES) {
                ShortVector pairs = shorts(data, from + 4 + i);
                ShortVector toSign = ShortVector.fromArray(SHORTS, TO_SIGN, i);
                pairs.and((short) 15)
                        .or(first.mul(toSign).lanewise(VectorOperators.LSHR, 11).and((short) 16))
                        .sub(zero)
                        .intoArray(q, k + i);
                pairs.lanewise(VectorOperators.LSHR, 4)
                        .or(second.mul(toSign).lanewise(VectorOperators.LSHR, 11).and((short) 16))
                        .sub(zero)
                        .intoArray(q, k + HALF + i);
            }
        }
    }
}
