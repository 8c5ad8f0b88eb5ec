package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.LANES;

/**
 * The order in which {@link SuperProducts} brings the numbers of a block to light. Its 128 bytes
 * hold two nibbles each: of every {@code span} bytes, the low nibbles are consecutive numbers, and
 * the high ones those that follow. They are read as vectors of ints, whose nibbles come one after
 * the other: those of the lowest byte of each lane, low and high, then those of the next.
 */
final class NibbleOrder {
    /** Q4_K and Q5_K. */
    static final NibbleOrder OF_32 = new NibbleOrder(32);

    /** Q6_K. */
    static final NibbleOrder OF_64 = new NibbleOrder(64);

    private static final int SIZE = 256;

    /** Which number of the block the i-th product belongs to. */
    final int[] number = new int[SIZE];

    private NibbleOrder(int span) {
        for (int i = 0; i < SIZE; i++) {
            int vector = i / (8 * LANES);
            int nibble = i / LANES % 8;
            int at = 4 * (vector * LANES + i % LANES) + nibble / 2;
            number[i] = 2 * span * (at / span) + at % span + nibble % 2 * span;
        }
    }
}
