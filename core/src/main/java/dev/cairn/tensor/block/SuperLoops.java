package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.coldHalf;
import static dev.cairn.tensor.block.BlockVectors.FEW_LANES;
import static dev.cairn.tensor.block.BlockVectors.LANES;

import java.util.Arrays;

/**
 * The twin of {@link SuperProducts} in plain loops: the same bits, one row at a time.
 *
 * @param rows the bytes of the rows
 * @param scratch its lanes receive the products
 */
record SuperLoops(BlockFormat format, byte[] rows, BlockInput x, BlockScratch scratch) {
    private static final int SUPER = 256;

    /**
     * Multiplies the row that begins at {@code at}.
     *
     * @param to where the row's vector of lanes begins
     */
    void row(int at, int blocks, int to) {
        float[] lanes = scratch.lanes;
        Arrays.fill(lanes, to, to + LANES, 0);
        for (int b = 0; b < blocks; b++) {
            ofScales(at + b * format.bytes(), b, to);
        }
        for (int b = 0; b < blocks; b++) {
            superBlock(at + b * format.bytes(), b, to);
        }
    }

    /** Reads a block's numbers as they are stored. */
    private void integers(int block) {
        float[] q = scratch.integers;
        switch (format) {
            case Q4_K -> SuperBlocks.fourBits(rows, block + 16, q, 0);
            case Q5_K -> SuperBlocks.fiveBits(rows, block + 16, q, 0);
            case Q6_K -> SuperBlocks.sixBits(rows, block, q, 0);
            default -> throw new IllegalArgumentException(format + " has no products");
        }
    }

    /** What scales and minima alone contribute; see {@link SuperScales}. */
    private void ofScales(int block, int b, int to) {
        float[] lanes = scratch.lanes;
        int count = format == BlockFormat.Q6_K ? 16 : 8;
        for (int i = 0; i < count; i++) {
            int lane = to + i % FEW_LANES;
            lanes[lane] = Math.fma(scale(block, i), x.sums[16 * b + i], lanes[lane]);
            if (format.hasMins()) {
                float min = -coldHalf(rows, block + 2) * SuperBlocks.minimum(rows, block + 4, i);
                lanes[lane] = Math.fma(min, x.sums[16 * b + 8 + i], lanes[lane]);
            }
        }
    }

    private float scale(int block, int group) {
        return format == BlockFormat.Q6_K
                ? coldHalf(rows, block + 208) * rows[block + 192 + group]
                : coldHalf(rows, block) * SuperBlocks.scale(rows, block + 4, group);
    }

    private void superBlock(int block, int b, int to) {
        integers(block);
        float[] q = scratch.integers;
        float[] lanes = scratch.lanes;
        boolean isSix = format == BlockFormat.Q6_K;
        int[] number = (isSix ? NibbleOrder.OF_64 : NibbleOrder.OF_32).number;
        int perScale = isSix ? 16 : 32;
        int tooLargeBy = isSix ? 64 : format == BlockFormat.Q5_K ? 32 : 16;
        for (int from = 0; from < SUPER; from += 8 * LANES) {
            for (int first = from; first < from + 2 * LANES; first++) {
                float sum = 0;
                for (int i = first; i < from + 8 * LANES; i += 2 * LANES) {
                    float product = tooLargeBy + q[number[i]];
                    float input = x.x[b * SUPER + i];
                    sum = i == first ? product * input : Math.fma(product, input, sum);
                }
                int lane = to + first % LANES;
                float scale = scale(block, number[first] / perScale);
                lanes[lane] = Math.fma(sum, scale, lanes[lane]);
            }
        }
    }
}
