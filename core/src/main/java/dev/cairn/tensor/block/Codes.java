package dev.cairn.tensor.block;

import static dev.cairn.tensor.block.BlockFormat.LEAST_GROUP;
import static dev.cairn.tensor.block.BlockVectors.FEW_FLOATS;
import static dev.cairn.tensor.block.BlockVectors.FEW_LANES;
import static dev.cairn.tensor.block.BlockVectors.FEW_SHORTS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Consecutive numbers of a row of blocks as integers: number k is {@code scales[k / group] · q[k]},
 * plus {@code mins[k / group]} in formats that have minima. Buffers of one thread, used again and
 * again.
 *
 * <p>{@code scales · q} is exact in a float, because scale and integer together have no more than
 * 24 binary digits in any format. (Q6_K has most: 11 of the factor, 7 of the group's scale, 5 of
 * the integer.) So one fused multiply-add gives the bits of ggml's two steps.
 */
public final class Codes {
    /** From −128 to 127. */
    public short[] q = new short[0];

    public float[] scales = new float[0];
    public float[] mins = new float[0];

    private byte[] blocks = new byte[0];

    /** Copies blocks to where they can be read as an array. */
    byte[] copy(MemorySegment data, long at, int count) {
        if (blocks.length < count) {
            blocks = new byte[count];
        }
        MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, blocks, 0, count);
        return blocks;
    }

    /** Room for this many numbers. */
    void reserve(int count) {
        if (q.length < count) {
            q = new short[count];
            scales = new float[count / LEAST_GROUP];
            mins = new float[count / LEAST_GROUP];
        }
    }

    /**
     * Converts numbers to floats.
     *
     * @param count a multiple of group
     */
    void floats(int group, boolean hasMins, int count, float[] out, int to) {
        if (hasMins) {
            scaledAndMoved(group, count, out, to);
        } else {
            scaled(group, count, out, to);
        }
    }

    private void scaled(int group, int count, float[] out, int to) {
        int shift = Integer.numberOfTrailingZeros(group);
        for (int k = 0; k < count; k += LEAST_GROUP) {
            FloatVector scale = FloatVector.broadcast(FEW_FLOATS, scales[k >> shift]);
            for (int i = k; i < k + LEAST_GROUP; i += FEW_LANES) {
                ((FloatVector)
                                ShortVector.fromArray(FEW_SHORTS, q, i)
                                        .convertShape(VectorOperators.S2F, FEW_FLOATS, 0))
                        .mul(scale)
                        .intoArray(out, to + i);
            }
        }
    }

    private void scaledAndMoved(int group, int count, float[] out, int to) {
        int shift = Integer.numberOfTrailingZeros(group);
        for (int k = 0; k < count; k += LEAST_GROUP) {
            FloatVector scale = FloatVector.broadcast(FEW_FLOATS, scales[k >> shift]);
            FloatVector min = FloatVector.broadcast(FEW_FLOATS, mins[k >> shift]);
            for (int i = k; i < k + LEAST_GROUP; i += FEW_LANES) {
                ((FloatVector)
                                ShortVector.fromArray(FEW_SHORTS, q, i)
                                        .convertShape(VectorOperators.S2F, FEW_FLOATS, 0))
                        .fma(scale, min)
                        .intoArray(out, to + i);
            }
        }
    }
}
