package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockVectors.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** What products of two rows of blocks need besides, and their results. One thread's own. */
public final class BlockScratch {
    private byte[] rows = new byte[0];

    final SuperScales scales = new SuperScales();

    /** Rows of inputs that share what is made of the weights. */
    public static final int TILE = 4;

    /** A vector per row of weights, and per row of inputs in a tile. */
    final float[] lanes = new float[2 * TILE * LANES];

    /** The inputs of a tile. */
    final BlockInput[] tile = new BlockInput[TILE];

    final LegacyLoops legacyLoops = new LegacyLoops();
    final SuperLoops superLoops = new SuperLoops();

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
        return sumOfLanes(row * LANES);
    }

    /** The product of the first row or the second with one row of inputs of a tile. */
    public float sum(int row, int input) {
        return sumOfLanes((row * TILE + input) * LANES);
    }

    private float sumOfLanes(int at) {
        float sum = 0;
        // In pairs, because a sum of one after the other waits for every addition.
        for (int i = at; i < at + LANES; i += 4) {
            sum += (lanes[i] + lanes[i + 1]) + (lanes[i + 2] + lanes[i + 3]);
        }
        return sum;
    }
}
