package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.unsigned;
import static dev.cairn.tensor.block.BlockVectors.SHORTS;
import static dev.cairn.tensor.block.BlockVectors.SHORT_LANES;

import java.util.stream.IntStream;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link CodebookBlocks} in vectors: from blocks to {@link Codes}, whose integers are the table's.
 */
final class CodebookCodes {
    private static final int SIZE = 32;
    private static final int HALF = 16;
    private static final byte[] IQ4 = bytes(CodebookBlocks.IQ4);
    private static final byte[] E2M1 = bytes(CodebookBlocks.E2M1);

    private CodebookCodes() {}

    private static byte[] bytes(int[] table) {
        byte[] bytes = new byte[table.length];
        IntStream.range(0, table.length).forEach(i -> bytes[i] = (byte) table[i]);
        return bytes;
    }

    static void iq4Nl(byte[] data, int at, int blocks, Codes out) {
        for (int b = 0; b < blocks; b++) {
            int from = at + 18 * b;
            out.scales[b] = half(data, from);
            nibbles(data, from + 2, IQ4, out.q, SIZE * b);
        }
    }

    static void iq4Xs(byte[] data, int at, int blocks, Codes out) {
        for (int b = 0; b < blocks; b++) {
            int from = at + 136 * b;
            float d = half(data, from);
            for (int g = 0; g < 8; g++) {
                out.scales[8 * b + g] = d * (CodebookBlocks.iq4XsScale(data, from, g) - 32);
                nibbles(data, from + 8 + HALF * g, IQ4, out.q, SIZE * (8 * b + g));
            }
        }
    }

    static void mxfp4(byte[] data, int at, int blocks, Codes out) {
        for (int b = 0; b < blocks; b++) {
            int from = at + 17 * b;
            out.scales[b] = CodebookBlocks.halfPowerOfTwo(unsigned(data, from));
            nibbles(data, from + 1, E2M1, out.q, SIZE * b);
        }
    }

    /** Low nibbles are the first half of a block, high nibbles the second. */
    private static void nibbles(byte[] data, int at, byte[] table, short[] q, int to) {
        ByteVector values = ByteVector.fromArray(ByteVector.SPECIES_128, table, 0);
        ByteVector pairs = ByteVector.fromArray(ByteVector.SPECIES_128, data, at);
        store(pairs.and((byte) 15).selectFrom(values), q, to);
        store(
                pairs.reinterpretAsInts()
                        .lanewise(VectorOperators.LSHR, 4)
                        .reinterpretAsBytes()
                        .and((byte) 15)
                        .selectFrom(values),
                q,
                to + HALF);
    }

    private static void store(ByteVector codes, short[] q, int to) {
        ((ShortVector) codes.convertShape(VectorOperators.B2S, SHORTS, 0)).intoArray(q, to);
        if (SHORT_LANES < HALF) {
            ((ShortVector) codes.convertShape(VectorOperators.B2S, SHORTS, 1))
                    .intoArray(q, to + SHORT_LANES);
        }
    }
}
