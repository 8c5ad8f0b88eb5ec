package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.block.BlockVectors.FLOATS;
import static dev.cairn.tensor.block.BlockVectors.FLOAT_LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.matmul.GemvWork.Result;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of few rows of inputs with weights in Q8_0. Bytes become floats in one step, so that
 * float arithmetic costs no more than that of integers, which would leave the inputs no more than
 * eight bits; and heads, where rounding shows most, are often stored so.
 */
final class Q8Gemv {
    private static final int SIZE = 32;
    private static final int BYTES = 34;

    /** Bytes read at a time. */
    private static final int STEP = 8;

    private Q8Gemv() {}

    static void forward(F32Tensor x, BlockTensor w, Result result) {
        GemvWork.share(
                w,
                w.rows(),
                1,
                (from, to) -> {
                    float[] lanes = GemvWork.SCRATCH.get().lanes;
                    int half = Math.ceilDiv(to - from, 2);
                    int groups = x.cols() / SIZE;
                    for (int a = from; a < from + half; a++) {
                        // With an odd number of rows, the last one is computed again.
                        int b = Math.min(a + half, to - 1);
                        long at = w.rowAt(a);
                        for (int m = 0; m < x.rows(); m++) {
                            int xAt = m * x.cols();
                            rows(w.data, at, w.rowAt(b) - at, x.data, xAt, groups, lanes);
                            result.put(m, a, BlockGemv.sumOfLanes(lanes, 0));
                            if (b == a + half) {
                                result.put(m, b, BlockGemv.sumOfLanes(lanes, FLOAT_LANES));
                            }
                        }
                    }
                });
    }

    /**
     * Multiplies two rows of weights, each a stream of its own, with one of inputs; too large for
     * the compiler to inline.
     *
     * @param toB distance of the second row from the first, in bytes
     * @param lanes receives a vector per row
     */
    private static void rows(
            MemorySegment w, long at, long toB, float[] x, int xAt, int groups, float[] lanes) {
        FloatVector sumA = FloatVector.zero(FLOATS);
        FloatVector sumB = FloatVector.zero(FLOATS);
        long from = at;
        for (int g = 0; g < groups; g++, from += BYTES) {
            FloatVector groupA = FloatVector.zero(FLOATS);
            FloatVector groupB = FloatVector.zero(FLOATS);
            for (int i = 0; i < SIZE; i += STEP) {
                ByteVector a =
                        ByteVector.fromMemorySegment(
                                ByteVector.SPECIES_64, w, from + 2 + i, LITTLE_ENDIAN);
                ByteVector b =
                        ByteVector.fromMemorySegment(
                                ByteVector.SPECIES_64, w, from + toB + 2 + i, LITTLE_ENDIAN);
                FloatVector x0 = FloatVector.fromArray(FLOATS, x, xAt + g * SIZE + i);
                groupA =
                        ((FloatVector) a.convertShape(VectorOperators.B2F, FLOATS, 0))
                                .fma(x0, groupA);
                groupB =
                        ((FloatVector) b.convertShape(VectorOperators.B2F, FLOATS, 0))
                                .fma(x0, groupB);
                if (FLOAT_LANES < STEP) {
                    FloatVector x1 =
                            FloatVector.fromArray(FLOATS, x, xAt + g * SIZE + i + FLOAT_LANES);
                    groupA =
                            ((FloatVector) a.convertShape(VectorOperators.B2F, FLOATS, 1))
                                    .fma(x1, groupA);
                    groupB =
                            ((FloatVector) b.convertShape(VectorOperators.B2F, FLOATS, 1))
                                    .fma(x1, groupB);
                }
            }
            float scaleA = Float.float16ToFloat(w.get(MappedTensor.SHORT, from));
            float scaleB = Float.float16ToFloat(w.get(MappedTensor.SHORT, from + toB));
            sumA = groupA.fma(FloatVector.broadcast(FLOATS, scaleA), sumA);
            sumB = groupB.fma(FloatVector.broadcast(FLOATS, scaleB), sumB);
        }
        sumA.intoArray(lanes, 0);
        sumB.intoArray(lanes, FLOAT_LANES);
    }
}
