package dev.cairn.tensor;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectorised functions over arrays: exponential, maximum, sums and dot products. The exponential
 * uses only multiply-adds: the vector module's own {@code EXP} gives different last bits in
 * interpreted and compiled code, while this one gives the same bits on every run, as resumed
 * training requires.
 *
 * <p>exp(x) = 2^n · exp(r) with n = round(x / ln 2), |r| ≤ ln 2 / 2, and exp(r) by its Taylor
 * polynomial of degree 7, whose remainder (0.35^8 / 8! ≈ 5e-9) is below half a unit in the last
 * place of a float.
 */
public final class VectorMath {
    public static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    public static final int LANES = SPECIES.length();

    /** The species of 16-bit lanes with the same number of lanes. */
    public static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    /** A constant, not {@code withLanes}, so that the compiler generates single instructions. */
    public static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** Multiply-adds that take as long as one exponential. */
    static final int EXP_STEPS = 10;

    private static final float LOG2_E = 1.44269504f;

    /** ln 2 in two parts, the first with few bits, so that x − n·ln 2 is exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;

    /** Adding 1.5·2^23 rounds a small float to an integer held in the low bits. */
    private static final float ROUNDER = 12582912f;

    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    /**
     * Below this the result would not be a normal float; smaller arguments are raised to it, which
     * gives 1.2e-38.
     */
    private static final float LOWEST = -87.3f;

    private static final float HIGHEST = 88.3f;

    /**
     * 1/7! to 1/2!, as separate constants: the compiler does not treat array elements as constants.
     */
    private static final float C7 = 1f / 5040;

    private static final float C6 = 1f / 720;
    private static final float C5 = 1f / 120;
    private static final float C4 = 1f / 24;
    private static final float C3 = 1f / 6;
    private static final float C2 = 1f / 2;

    // Shuffles that bring in the lane at this distance, for sums of lanes.
    private static final VectorShuffle<Float> BY_8 = away(8);
    private static final VectorShuffle<Float> BY_4 = away(4);
    private static final VectorShuffle<Float> BY_2 = away(2);
    private static final VectorShuffle<Float> BY_1 = away(1);

    private VectorMath() {}

    private static VectorShuffle<Float> away(int lanes) {
        return VectorShuffle.fromOp(SPECIES, i -> (i + lanes) % LANES);
    }

    /** {@code n} rounded up to whole vectors. */
    public static int padded(int n) {
        return Math.ceilDiv(n, LANES) * LANES;
    }

    /**
     * {@code v[i] = exp(v[i] − shift)} for {@code i} from {@code at} to {@code at + padded(n)}. The
     * array must have room for whole vectors; values beyond n are overwritten.
     */
    public static void exp(float[] v, int at, int n, float shift) {
        if (ColdStart.usesLoops((long) EXP_STEPS * n)) {
            for (int i = at; i < at + n; i++) {
                v[i] = exp(v[i] - shift);
            }
            return;
        }
        for (int i = at; i < at + n; i += LANES) {
            FloatVector x = FloatVector.fromArray(SPECIES, v, i).sub(shift);
            // Comparing and choosing takes two instructions; max and min, with all that Java asks
            // of
            // them, some six.
            x = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
            x = x.blend(HIGHEST, x.compare(VectorOperators.GT, HIGHEST));
            FloatVector rounded = x.fma(LOG2_E, ROUNDER);
            FloatVector n2 = rounded.sub(ROUNDER);
            FloatVector r = n2.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x);
            r = n2.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, C7);
            p = p.fma(r, FloatVector.broadcast(SPECIES, C6));
            p = p.fma(r, FloatVector.broadcast(SPECIES, C5));
            p = p.fma(r, FloatVector.broadcast(SPECIES, C4));
            p = p.fma(r, FloatVector.broadcast(SPECIES, C3));
            p = p.fma(r, FloatVector.broadcast(SPECIES, C2));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1));
            p = p.fma(r, FloatVector.broadcast(SPECIES, 1));
            IntVector power =
                    rounded.reinterpretAsInts()
                            .sub(ROUNDER_BITS)
                            .add(127)
                            .lanewise(VectorOperators.LSHL, 23);
            p.mul(power.reinterpretAsFloats()).intoArray(v, i);
        }
    }

    /** The exponential of one value, with the same bits as in a lane of a vector. */
    private static float exp(float value) {
        float x = value < LOWEST ? LOWEST : value;
        x = x > HIGHEST ? HIGHEST : x;
        float rounded = Math.fma(x, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        int power = (Float.floatToRawIntBits(rounded) - ROUNDER_BITS + 127) << 23;
        return p * Float.intBitsToFloat(power);
    }

    /** The largest of {@code n} values, ignoring NaN. */
    public static float max(float[] v, int at, int n) {
        if (ColdStart.usesLoops(n)) {
            return max(v, at, at + n, Float.NEGATIVE_INFINITY);
        }
        FloatVector max = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int whole = n / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector next = FloatVector.fromArray(SPECIES, v, at + i);
            max = max.blend(next, next.compare(VectorOperators.GT, max));
        }
        return max(v, at + whole, at + n, max.reduceLanes(VectorOperators.MAX));
    }

    private static float max(float[] v, int from, int to, float least) {
        float greatest = least;
        for (int i = from; i < to; i++) {
            greatest = v[i] > greatest ? v[i] : greatest;
        }
        return greatest;
    }

    /** The sum of {@code n} values, lanes first and then in order; {@code lanes} is scratch. */
    public static float sum(float[] v, int at, int n, float[] lanes) {
        int whole = n / LANES * LANES;
        if (ColdStart.usesLoops(n)) {
            Arrays.fill(lanes, 0, LANES, 0f);
            for (int i = 0; i < whole; i++) {
                lanes[i % LANES] += v[at + i];
            }
        } else {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += LANES) {
                sum = sum.add(FloatVector.fromArray(SPECIES, v, at + i));
            }
            sum.intoArray(lanes, 0);
        }
        float total = sumOfLanes(lanes);
        for (int i = whole; i < n; i++) {
            total += v[at + i];
        }
        return total;
    }

    /** The sum of one vector's lanes, pair by pair: four dependent additions instead of 16. */
    public static float sumOfLanes(float[] lanes, int at) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = at; i < at + half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[at];
    }

    /**
     * {@link #sumOfLanes(float[], int)} of several adjacent vectors, without a memory access for
     * each addition.
     */
    public static void sumsOfLanes(float[] lanes, int count, float[] sums) {
        for (int i = 0; i < count; i++) {
            FloatVector v = FloatVector.fromArray(SPECIES, lanes, i * LANES);
            if (LANES > 8) {
                v = v.add(v.rearrange(BY_8));
            }
            if (LANES > 4) {
                v = v.add(v.rearrange(BY_4));
            }
            if (LANES > 2) {
                v = v.add(v.rearrange(BY_2));
            }
            v = v.add(v.rearrange(BY_1));
            sums[i] = v.lane(0);
        }
    }

    /** Uses four independent sums, since dependent additions would wait for each other. */
    private static float sumOfLanes(float[] lanes) {
        if (LANES == 2) {
            return lanes[0] + lanes[1];
        }
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (int lane = 0; lane < LANES; lane += 4) {
            a += lanes[lane];
            b += lanes[lane + 1];
            c += lanes[lane + 2];
            d += lanes[lane + 3];
        }
        return (a + b) + (c + d);
    }

    /** Σ a[i]·b[i], lanes first and then in order; {@code lanes} is scratch. */
    public static float dot(float[] a, int aAt, float[] b, int bAt, int n, float[] lanes) {
        int whole = n / LANES * LANES;
        if (ColdStart.usesLoops(n)) {
            Arrays.fill(lanes, 0, LANES, 0f);
            for (int i = 0; i < whole; i++) {
                int lane = i % LANES;
                lanes[lane] = Math.fma(a[aAt + i], b[bAt + i], lanes[lane]);
            }
        } else {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int i = 0; i < whole; i += LANES) {
                sum =
                        FloatVector.fromArray(SPECIES, a, aAt + i)
                                .fma(FloatVector.fromArray(SPECIES, b, bAt + i), sum);
            }
            sum.intoArray(lanes, 0);
        }
        float total = sumOfLanes(lanes);
        for (int i = whole; i < n; i++) {
            total = Math.fma(a[aAt + i], b[bAt + i], total);
        }
        return total;
    }

    /** {@code y[i] += factor · x[i]}. */
    static void axpy(float factor, float[] x, int xAt, float[] y, int yAt, int n) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xAt + i)
                    .fma(
                            FloatVector.broadcast(SPECIES, factor),
                            FloatVector.fromArray(SPECIES, y, yAt + i))
                    .intoArray(y, yAt + i);
        }
        for (; i < n; i++) {
            y[yAt + i] = Math.fma(factor, x[xAt + i], y[yAt + i]);
        }
    }
}
