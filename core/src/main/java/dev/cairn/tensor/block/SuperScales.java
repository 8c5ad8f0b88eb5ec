package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockBytes.half;
import static dev.cairn.tensor.block.BlockBytes.int32;
import static dev.cairn.tensor.block.BlockVectors.FEW_FLOATS;
import static dev.cairn.tensor.block.BlockVectors.FEW_LANES;
import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.LANES;
import static dev.cairn.tensor.block.BlockVectors.fewSigned;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The scales of a row of super-blocks as {@link SuperProducts} needs them, and all that a row's
 * product takes from scales and minima alone. A buffer of one thread.
 */
final class SuperScales {
    /**
     * Per block 64 numbers, in the order in which a vector's low nibbles and its high ones are
     * multiplied with them: each of 8 scales eight times, or each of 16 four times.
     */
    float[] scales = new float[0];

    private final float[] eight = new float[8];

    /** A vector, whose lanes are still to be added: {@code Σ scale · sum + min · sum}. */
    final float[] total = new float[LANES];

    /** Each scale of a vector four times, in as many vectors. */
    private static final VectorShuffle<Float> FIRST = fourTimes(0);

    private static final VectorShuffle<Float> SECOND = fourTimes(1);
    private static final VectorShuffle<Float> THIRD = fourTimes(2);
    private static final VectorShuffle<Float> FOURTH = fourTimes(3);

    /** Of eight scales those of the low nibbles of 64 bytes and of the high ones, with 16 lanes. */
    private static final VectorShuffle<Float> LOW = eightTimes(0);

    private static final VectorShuffle<Float> HIGH = eightTimes(1);
    private static final VectorShuffle<Float> NEXT_LOW = eightTimes(4);
    private static final VectorShuffle<Float> NEXT_HIGH = eightTimes(5);

    private static VectorShuffle<Float> eightTimes(int first) {
        return VectorShuffle.fromOp(FLOATS, lane -> (first + lane / 8 * 2) % LANES);
    }

    private static VectorShuffle<Float> fourTimes(int part) {
        return VectorShuffle.fromOp(FEW_FLOATS, lane -> (part * FEW_LANES + lane) / 4);
    }

    /**
     * Q4_K and Q5_K: behind two factors, eight scales and eight minima of six bits in 12 bytes (see
     * {@link SuperBlocks#scale}).
     *
     * @param apart bytes per block
     * @param sums of {@link BlockInput}
     */
    void ofEight(byte[] data, int at, int apart, int blocks, float[] sums) {
        reserve(64 * blocks);
        FloatVector total = FloatVector.zero(FEW_FLOATS);
        for (int b = 0; b < blocks; b++) {
            int from = at + b * apart;
            int x = int32(data, from + 4);
            int y = int32(data, from + 8);
            int z = int32(data, from + 12);
            int upperScales = z & 0x0F0F0F0F | x >>> 2 & 0x30303030;
            int upperMins = z >>> 4 & 0x0F0F0F0F | y >>> 2 & 0x30303030;
            long eightScales = x & 0x3F3F3F3FL | (long) upperScales << 32;
            long eightMins = y & 0x3F3F3F3FL | (long) upperMins << 32;
            float d = half(data, from);
            float dmin = -half(data, from + 2);
            for (int i = 0; i < 8; i += FEW_LANES) {
                int k = 16 * b + i;
                FloatVector some = bytes(eightScales >>> 8 * i).mul(d);
                total = some.fma(FloatVector.fromArray(FEW_FLOATS, sums, k), total);
                total =
                        bytes(eightMins >>> 8 * i)
                                .mul(dmin)
                                .fma(FloatVector.fromArray(FEW_FLOATS, sums, k + 8), total);
                if (LANES == 16) {
                    FloatVector wide = some.reinterpretShape(FLOATS, 0).reinterpretAsFloats();
                    wide.rearrange(LOW).intoArray(scales, 64 * b);
                    wide.rearrange(HIGH).intoArray(scales, 64 * b + LANES);
                    wide.rearrange(NEXT_LOW).intoArray(scales, 64 * b + 2 * LANES);
                    wide.rearrange(NEXT_HIGH).intoArray(scales, 64 * b + 3 * LANES);
                } else {
                    some.intoArray(eight, i);
                }
            }
            if (LANES < 16) {
                spread(64 * b);
            }
        }
        total.intoArray(this.total, 0);
    }

    /** Every scale in as many lanes as a vector has, or again in those of the next one. */
    private void spread(int at) {
        for (int i = 0; i < 64; i += LANES) {
            int group = i / 16 * 2 + i / LANES % 2;
            FloatVector.broadcast(FLOATS, eight[group]).intoArray(scales, at + i);
        }
    }

    private static FloatVector bytes(long eight) {
        return (FloatVector)
                LongVector.broadcast(LongVector.SPECIES_128, eight)
                        .reinterpretAsBytes()
                        .convertShape(VectorOperators.B2F, FEW_FLOATS, 0);
    }

    /** Q6_K: 16 signed bytes, one for every 16 numbers, and a factor behind them. */
    void ofSixteen(byte[] data, int at, int blocks, float[] sums) {
        reserve(64 * blocks);
        FloatVector total = FloatVector.zero(FEW_FLOATS);
        for (int b = 0; b < blocks; b++) {
            int from = at + b * 210 + 192;
            float d = half(data, from + 16);
            for (int i = 0; i < 16; i += FEW_LANES) {
                FloatVector some = fewSigned(data, from + i).mul(d);
                total = some.fma(FloatVector.fromArray(FEW_FLOATS, sums, 16 * b + i), total);
                int to = 64 * b + 4 * i;
                some.rearrange(FIRST).intoArray(scales, to);
                some.rearrange(SECOND).intoArray(scales, to + FEW_LANES);
                some.rearrange(THIRD).intoArray(scales, to + 2 * FEW_LANES);
                some.rearrange(FOURTH).intoArray(scales, to + 3 * FEW_LANES);
            }
        }
        total.intoArray(this.total, 0);
    }

    private void reserve(int count) {
        if (scales.length < count) {
            scales = new float[count];
        }
    }
}
