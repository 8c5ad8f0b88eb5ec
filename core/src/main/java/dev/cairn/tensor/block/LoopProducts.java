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
 */
final class LoopProducts {
    private static final int GROUP = 32;
    private static final int HALF = 16;
    private static final int SUPER = 256;

    private LoopProducts() {}

    /**
     * Multiplies a row of blocks with a row of inputs.
     *
     * @param to where to put the vector
     */
    static void row(
            BlockFormat format,
            MemorySegment data,
            long at,
            int blocks,
            BlockInput x,
            float[] lanes,
            int to) {
        Arrays.fill(lanes, to, to + LANES, 0);
        for (int b = 0; b < blocks; b++) {
            long block = at + (long) b * format.bytes();
            if (format.size() == SUPER) {
                ofScales(format, data, block, b, x, lanes, to);
            } else {
                group(format, data, block, b, x, lanes, to);
            }
        }
        if (format.size() == SUPER) {
            for (int b = 0; b < blocks; b++) {
                superBlock(format, data, at + (long) b * format.bytes(), b, x, lanes, to);
            }
        } else if (format != BlockFormat.Q8_0) {
            lanes[to] += mins(format, data, at, blocks, x);
        }
    }

    private static void group(
            BlockFormat format,
            MemorySegment data,
            long block,
            int b,
            BlockInput x,
            float[] lanes,
            int to) {
        float scale = half(data, block);
        for (int lane = 0; lane < LANES; lane++) {
            float sum = 0;
            for (int i = lane; i < HALF; i += LANES) {
                int k = x.at + b * GROUP + i;
                sum = Math.fma(integer(format, data, block, i), x.x[k], sum);
                sum = Math.fma(integer(format, data, block, i + HALF), x.x[k + HALF], sum);
            }
            lanes[to + lane] = Math.fma(sum, scale, lanes[to + lane]);
        }
    }

    private static float mins(
            BlockFormat format, MemorySegment data, long at, int blocks, BlockInput x) {
        float sum = 0;
        for (int b = 0; b < blocks; b++) {
            long block = at + (long) b * format.bytes();
            sum = Math.fma(half(data, block + (format.hasMins() ? 2 : 0)), x.sums[b], sum);
        }
        return sum;
    }

    /** Number i of a block as it is stored. */
    private static int integer(BlockFormat format, MemorySegment data, long block, int i) {
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
    private static void ofScales(
            BlockFormat format,
            MemorySegment data,
            long block,
            int b,
            BlockInput x,
            float[] lanes,
            int to) {
        int count = format == BlockFormat.Q6_K ? 16 : 8;
        for (int i = 0; i < count; i++) {
            int lane = to + i % FEW_LANES;
            float scale = scale(format, data, block, i);
            lanes[lane] = Math.fma(scale, x.sums[16 * b + i], lanes[lane]);
            if (format.hasMins()) {
                float min = -half(data, block + 2) * SuperBlocks.minimum(data, block + 4, i);
                lanes[lane] = Math.fma(min, x.sums[16 * b + 8 + i], lanes[lane]);
            }
        }
    }

    private static float scale(BlockFormat format, MemorySegment data, long block, int group) {
        return format == BlockFormat.Q6_K
                ? half(data, block + 208) * signed(data, block + 192 + group)
                : half(data, block) * SuperBlocks.scale(data, block + 4, group);
    }

    private static void superBlock(
            BlockFormat format,
            MemorySegment data,
            long block,
            int b,
            BlockInput x,
            float[] lanes,
            int to) {
        int[] number = (format == BlockFormat.Q6_K ? NibbleOrder.OF_64 : NibbleOrder.OF_32).number;
        int perScale = format == BlockFormat.Q6_K ? 16 : 32;
        int bits = format == BlockFormat.Q4_K ? 4 : format == BlockFormat.Q5_K ? 5 : 6;
        for (int from = 0; from < SUPER; from += 8 * FEW_LANES) {
            for (int nibble = 0; nibble < 2; nibble++) {
                for (int lane = 0; lane < FEW_LANES; lane++) {
                    float sum = 0;
                    for (int i = from + nibble * FEW_LANES + lane;
                            i < from + 8 * FEW_LANES;
                            i += 2 * FEW_LANES) {
                        int q = integer(format, data, block, number[i]);
                        float product = (1 << bits) + q;
                        float input = x.x[b * SUPER + i];
                        sum =
                                i < from + 2 * FEW_LANES
                                        ? product * input
                                        : Math.fma(product, input, sum);
                    }
                    int group = number[from + nibble * FEW_LANES + lane] / perScale;
                    float scale = scale(format, data, block, group);
                    lanes[to + lane] = Math.fma(sum, scale, lanes[to + lane]);
                }
            }
        }
    }
}
