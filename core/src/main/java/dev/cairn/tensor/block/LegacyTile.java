package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.int32;
import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.LANES;
import static dev.cairn.tensor.block.BlockVectors.floats;
import static dev.cairn.tensor.block.BlockVectors.signed;
import static dev.cairn.tensor.block.BlockVectors.unsigned;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@link LegacyProducts} for four rows of inputs, which share what is made of the weights. Each has
 * the bits it has alone.
 */
final class LegacyTile {
    private static final int SIZE = 32;
    private static final int HALF = 16;

    private LegacyTile() {}

    /**
     * Multiplies a row of weights.
     *
     * @param first where the row begins
     * @param lanes receives a vector per row of inputs, from {@code to} on
     */
    static void row(
            BlockFormat format,
            byte[] data,
            int first,
            int blocks,
            BlockInput[] inputs,
            float[] lanes,
            int to) {
        int skip = format.hasMins() ? 4 : 2;
        boolean hasFifths = format == BlockFormat.Q5_0 || format == BlockFormat.Q5_1;
        boolean areBytes = format == BlockFormat.Q8_0;
        groups(data, first, format.bytes(), skip, hasFifths, areBytes, blocks, inputs, lanes, to);
        if (!areBytes) {
            minima(data, first + skip - 2, format.bytes(), blocks, inputs, lanes, to);
        }
    }

    /** Too large for the compiler to inline, as the kernels of {@link LegacyProducts} are. */
    private static void groups(
            byte[] data,
            int first,
            int apart,
            int skip,
            boolean hasFifths,
            boolean areBytes,
            int groups,
            BlockInput[] inputs,
            float[] lanes,
            int to) {
        float[] x0 = inputs[0].x;
        float[] x1 = inputs[1].x;
        float[] x2 = inputs[2].x;
        float[] x3 = inputs[3].x;
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = FloatVector.zero(FLOATS);
        FloatVector sum2 = FloatVector.zero(FLOATS);
        FloatVector sum3 = FloatVector.zero(FLOATS);
        for (int g = 0; g < groups; g++) {
            int from = first + g * apart;
            int fifths = hasFifths ? int32(data, from + skip) : 0;
            FloatVector group0 = FloatVector.zero(FLOATS);
            FloatVector group1 = FloatVector.zero(FLOATS);
            FloatVector group2 = FloatVector.zero(FLOATS);
            FloatVector group3 = FloatVector.zero(FLOATS);
            for (int i = 0; i < HALF; i += LANES) {
                FloatVector low;
                FloatVector high;
                if (areBytes) {
                    low = signed(data, from + skip + i);
                    high = signed(data, from + skip + HALF + i);
                } else {
                    IntVector pairs = unsigned(data, from + apart - HALF + i);
                    IntVector lows = pairs.and(LegacyProducts.FIFTEEN);
                    IntVector highs = pairs.lanewise(LSHR, 4);
                    if (hasFifths) {
                        lows = LegacyProducts.withFifths(lows, fifths >>> i);
                        highs = LegacyProducts.withFifths(highs, fifths >>> HALF + i);
                    }
                    low = floats(lows);
                    high = floats(highs);
                }
                int k = g * SIZE + i;
                int k0 = inputs[0].at + k;
                int k1 = inputs[1].at + k;
                int k2 = inputs[2].at + k;
                int k3 = inputs[3].at + k;
                group0 = low.fma(FloatVector.fromArray(FLOATS, x0, k0), group0);
                group1 = low.fma(FloatVector.fromArray(FLOATS, x1, k1), group1);
                group2 = low.fma(FloatVector.fromArray(FLOATS, x2, k2), group2);
                group3 = low.fma(FloatVector.fromArray(FLOATS, x3, k3), group3);
                group0 = high.fma(FloatVector.fromArray(FLOATS, x0, k0 + HALF), group0);
                group1 = high.fma(FloatVector.fromArray(FLOATS, x1, k1 + HALF), group1);
                group2 = high.fma(FloatVector.fromArray(FLOATS, x2, k2 + HALF), group2);
                group3 = high.fma(FloatVector.fromArray(FLOATS, x3, k3 + HALF), group3);
            }
            FloatVector scale = FloatVector.broadcast(FLOATS, half(data, from));
            sum0 = group0.fma(scale, sum0);
            sum1 = group1.fma(scale, sum1);
            sum2 = group2.fma(scale, sum2);
            sum3 = group3.fma(scale, sum3);
        }
        sum0.intoArray(lanes, to);
        sum1.intoArray(lanes, to + LANES);
        sum2.intoArray(lanes, to + 2 * LANES);
        sum3.intoArray(lanes, to + 3 * LANES);
    }

    /** Adds what minima contribute, or what stands for zero. */
    private static void minima(
            byte[] data,
            int at,
            int apart,
            int groups,
            BlockInput[] inputs,
            float[] lanes,
            int to) {
        float[] sums0 = inputs[0].sums;
        float[] sums1 = inputs[1].sums;
        float[] sums2 = inputs[2].sums;
        float[] sums3 = inputs[3].sums;
        float min0 = 0;
        float min1 = 0;
        float min2 = 0;
        float min3 = 0;
        // Side by side: one sum after the other waits for every addition.
        for (int g = 0; g < groups; g++) {
            float min = half(data, at + g * apart);
            min0 = Math.fma(min, sums0[g], min0);
            min1 = Math.fma(min, sums1[g], min1);
            min2 = Math.fma(min, sums2[g], min2);
            min3 = Math.fma(min, sums3[g], min3);
        }
        lanes[to] += min0;
        lanes[to + LANES] += min1;
        lanes[to + 2 * LANES] += min2;
        lanes[to + 3 * LANES] += min3;
    }
}
