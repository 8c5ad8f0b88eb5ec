package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.signed;
import static dev.cairn.tensor.block.BlockVectors.FEW_LANES;
import static dev.cairn.tensor.block.BlockVectors.LANES;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The twin of {@link LegacyProducts} and {@link SuperProducts} in plain loops: the same bits, one
 * row at a time.
 *
 * @param to where in {@code lanes} the row's vector begins
 */
record LoopProducts(BlockFormat format, MemorySegment data, BlockInput x, float[] lanes, int to) {
    private static final int GROUP = 32;
    private static final int HALF = 16;
    private static final int SUPER = 256;

    /** Multiplies the row that begins at {@code at}. */
    void row(long at, int blocks) {
        Arrays.fill(lanes, to, to + LANES, 0);
        if (format.size() == SUPER) {
            for (int b = 0; b < blocks; b++) {
                ofScales(at + (long) b * format.bytes(), b);
            }
            for (int b = 0; b < blocks; b++) {
                superBlock(at + (long) b * format.bytes(), b);
            }
            return;
        }
        float mins = 0;
        for (int b = 0; b < blocks; b++) {
            long block = at + (long) b * format.bytes();
            group(block, b);
            if (format != BlockFormat.Q8_0) {
                mins = Math.fma(half(data, block + (format.hasMins() ? 2 : 0)), x.sums[b], mins);
            }
        }
        lanes[to] += mins;
    }

    private void group(long block, int b) {
        float scale = half(data, block);
        for (int lane = 0; lane < LANES; lane++) {
            float sum = 0;
            for (int i = lane; i < HALF; i += LANES) {
                int k = x.at + b * GROUP + i;
                sum = Math.fma(integer(block, i), x.x[k], sum);
                sum = Math.fma(integer(block, i + HALF), x.x[k + HALF], sum);
            }
            lanes[to + lane] = Math.fma(sum, scale, lanes[to + lane]);
        }
    }

    /** Number i of a block as it is stored. */
    private int integer(long block, int i) {
        return switch (format) {
            case Q4_0 -> LegacyBlocks.fourBits(data, block + 2, i);
            case Q4_1 -> LegacyBlocks.fourBits(data, block + 4, i);
            case Q5_0 -> LegacyBlocks.fiveBits(data, block + 2, i);
            case Q5_1 -> LegacyBlocks.fiveBits(data, block + 4, i);
            case Q8_0 -> signed(data, block + 2 + i);
            case Q4_K -> SuperBlocks.fourBits(data, block + 16, i);
            case Q5_K -> SuperBlocks.fiveBits(data, block + 16, i);
            case Q6_K -> SuperBlocks.sixBits(data, block, i);
            default -> throw new IllegalArgumentException(format + " has no products");
        };
    }

    /** What scales and minima alone contribute; see {@link SuperScales}. */
    private void ofScales(long block, int b) {
        int count = format == BlockFormat.Q6_K ? 16 : 8;
        for (int i = 0; i < count; i++) {
            int lane = to + i % FEW_LANES;
            lanes[lane] = Math.fma(scale(block, i), x.sums[16 * b + i], lanes[lane]);
            if (format.hasMins()) {
                float min = -half(data, block + 2) * SuperBlocks.minimum(data, block + 4, i);
                lanes[lane] = Math.fma(min, x.sums[16 * b + 8 + i], lanes[lane]);
            }
        }
    }

    private float scale(long block, int group) {
        return format == BlockFormat.Q6_K
                ? half(data, block + 208) * signed(data, block + 192 + group)
                : half(data, block) * SuperBlocks.scale(data, block + 4, group);
    }

    private void superBlock(long block, int b) {
        boolean isSix = format == BlockFormat.Q6_K;
        int[] number = (isSix ? NibbleOrder.OF_64 : NibbleOrder.OF_32).number;
        int perScale = isSix ? 16 : 32;
        int tooLargeBy = isSix ? 64 : format == BlockFormat.Q5_K ? 32 : 16;
        for (int from = 0; from < SUPER; from += 8 * LANES) {
            for (int first = from; first < from + 2 * LANES; first++) {
                float sum = 0;
                for (int i = first; i < from + 8 * LANES; i += 2 * LANES) {
                    float product = tooLargeBy + integer(block, number[i]);
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
