package dev.cairn.tensor;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A linear layer on few rows: each row of the weight is read where it lies, in its own format, and
 * multiplied with each row of the input. Lanes are added up in order (not with {@code reduceLanes},
 * whose order of addition is not defined), so a result never depends on whether the code was
 * compiled yet.
 */
final class VectorMatvec {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int GRAIN = 64;

    /** Weights below which a second thread costs more than it saves. */
    private static final long SMALL = 1 << 18;

    private static final ThreadLocal<float[]> LANE_SUMS =
            ThreadLocal.withInitial(() -> new float[LANES]);

    private VectorMatvec() {}

    static void forward(F32Tensor x, Tensor w, F32Tensor y, float alpha, boolean accumulate) {
        int grain = (long) w.rows() * w.cols() < SMALL ? Math.max(1, w.rows()) : GRAIN;
        Workers.parallel(
                w.rows(),
                grain,
                (from, to) -> {
                    for (int m = 0; m < x.rows(); m++) {
                        rows(x, m, w, y, from, to, alpha, accumulate);
                    }
                });
    }

    private static void rows(
            F32Tensor x,
            int m,
            Tensor w,
            F32Tensor y,
            int from,
            int to,
            float alpha,
            boolean accumulate) {
        float[] lanes = LANE_SUMS.get();
        int xAt = m * x.cols();
        float[] line = w instanceof F64Tensor || isHalf(w) ? new float[w.cols()] : new float[0];
        for (int n = from; n < to; n++) {
            float dot;
            if (w instanceof F32Tensor f) {
                dot = dot(x.data, xAt, f.data, n * w.cols(), w.cols(), lanes);
            } else if (w instanceof MappedTensor f && f.format == MappedTensor.Format.F32) {
                dot = dotF32(x.data, xAt, f.data, 4L * n * w.cols(), w.cols(), lanes);
            } else if (w instanceof MappedTensor f && f.format == MappedTensor.Format.BF16) {
                dot = dotBf16(x.data, xAt, f.data, 2L * n * w.cols(), w.cols(), lanes);
            } else {
                w.read(n, 0, w.cols(), line, 0);
                dot = dot(x.data, xAt, line, 0, w.cols(), lanes);
            }
            int at = m * y.cols() + n;
            y.data[at] = alpha * dot + (accumulate ? y.data[at] : 0);
        }
    }

    private static boolean isHalf(Tensor w) {
        return w instanceof MappedTensor f && f.format == MappedTensor.Format.F16;
    }

    private static float dot(float[] x, int xAt, float[] w, int wAt, int n, float[] lanes) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        int k = 0;
        for (; k + 2 * LANES <= n; k += 2 * LANES) {
            a =
                    FloatVector.fromArray(SPECIES, w, wAt + k)
                            .fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
            b =
                    FloatVector.fromArray(SPECIES, w, wAt + k + LANES)
                            .fma(FloatVector.fromArray(SPECIES, x, xAt + k + LANES), b);
        }
        a.add(b).intoArray(lanes, 0);
        float sum = sum(lanes);
        for (; k < n; k++) {
            sum = Math.fma(w[wAt + k], x[xAt + k], sum);
        }
        return sum;
    }

    private static float dotF32(
            float[] x, int xAt, MemorySegment w, long wAt, int n, float[] lanes) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        int k = 0;
        for (; k + 2 * LANES <= n; k += 2 * LANES) {
            long at = wAt + 4L * k;
            a =
                    FloatVector.fromMemorySegment(SPECIES, w, at, ByteOrder.LITTLE_ENDIAN)
                            .fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
            b =
                    FloatVector.fromMemorySegment(
                                    SPECIES, w, at + 4L * LANES, ByteOrder.LITTLE_ENDIAN)
                            .fma(FloatVector.fromArray(SPECIES, x, xAt + k + LANES), b);
        }
        a.add(b).intoArray(lanes, 0);
        float sum = sum(lanes);
        for (; k < n; k++) {
            sum = Math.fma(w.get(MappedTensor.FLOAT, wAt + 4L * k), x[xAt + k], sum);
        }
        return sum;
    }

    private static float dotBf16(
            float[] x, int xAt, MemorySegment w, long wAt, int n, float[] lanes) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = FloatVector.zero(SPECIES);
        int k = 0;
        for (; k + 2 * LANES <= n; k += 2 * LANES) {
            long at = wAt + 2L * k;
            FloatVector wa =
                    ShortVector.fromMemorySegment(VectorMath.HALVES, w, at, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.ZERO_EXTEND_S2I, VectorMath.INTS, 0)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 16)
                            .reinterpretAsFloats();
            a = wa.fma(FloatVector.fromArray(SPECIES, x, xAt + k), a);
            FloatVector wb =
                    ShortVector.fromMemorySegment(
                                    VectorMath.HALVES, w, at + 2L * LANES, ByteOrder.LITTLE_ENDIAN)
                            .convertShape(VectorOperators.ZERO_EXTEND_S2I, VectorMath.INTS, 0)
                            .reinterpretAsInts()
                            .lanewise(VectorOperators.LSHL, 16)
                            .reinterpretAsFloats();
            b = wb.fma(FloatVector.fromArray(SPECIES, x, xAt + k + LANES), b);
        }
        a.add(b).intoArray(lanes, 0);
        float sum = sum(lanes);
        for (; k < n; k++) {
            float weight = Float.intBitsToFloat(w.get(MappedTensor.SHORT, wAt + 2L * k) << 16);
            sum = Math.fma(weight, x[xAt + k], sum);
        }
        return sum;
    }

    private static float sum(float[] lanes) {
        float sum = 0;
        for (float lane : lanes) {
            sum += lane;
        }
        return sum;
    }
}
