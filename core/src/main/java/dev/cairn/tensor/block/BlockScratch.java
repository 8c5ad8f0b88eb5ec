package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What products of two rows of blocks need besides, and their results. One thread's own. */
public final class BlockScratch {
    private byte[] rows = new byte[0];

    final SuperScales scales = new SuperScales();

    /** A vector per row. */
    final float[] lanes = new float[2 * LANES];

    /** The numbers of a block as they are stored, for {@link SuperLoops}. */
    final float[] integers = new float[256];

    final LegacyLoops loops = new LegacyLoops();

    /**
     * Copies two rows of {@code count} bytes, one after the other: the processor then finds them at
     * hand, and what the compiler makes of an array does not depend on what else was read from
     * segments.
     */
    byte[] copy(MemorySegment data, long at, long toB, int count) {
        if (rows.length < 2 * count) {
            rows = new byte[2 * count];
        }
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, rows, 0, count);
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at + toB, rows, count, count);
        return rows;
    }

    /** The product of the first row with the inputs, or of the second. */
    public float sum(int row) {
        int at = row * LANES;
        float sum = 0;
        // In pairs, because a sum of one after the other waits for every addition.
        for (int i = at; i < at + LANES; i += 4) {
            sum += (lanes[i] + lanes[i + 1]) + (lanes[i + 2] + lanes[i + 3]);
        }
        return sum;
    }
}
