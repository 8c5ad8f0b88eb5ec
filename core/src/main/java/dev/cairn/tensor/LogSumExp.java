package dev.cairn.tensor;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The log-sum-exp and the maximum of logits, which turn them into probabilities; computed over the
 * whole vocabulary for every generated token. Double precision makes a token's probability as exact
 * as its logits.
 *
 * <p>exp(x) = 2^n · exp(r) with n = round(x / ln 2), |r| ≤ ln 2 / 2, and exp(r) by its Taylor
 * polynomial of degree 12, whose remainder (0.35^13 / 13! ≈ 2e-16) is within a double's precision.
 * Lanes are stored and added in order, so the same logits give the same bits on every run.
 */
public final class LogSumExp {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = DOUBLES.length();

    /** Logits summed by one thread at a time; a multiple of any vector width. */
    private static final int BLOCK = 1 << 12;

    /** As many floats as a vector has doubles, but at least the smallest vector. */
    private static final VectorSpecies<Float> FLOATS =
            VectorSpecies.of(
                    float.class, VectorShape.forBitSize(Math.max(64, DOUBLES.vectorBitSize() / 2)));

    private static final double LOG2_E = 1.4426950408889634;

    /** ln 2 in two parts, the first with few bits, so that x − n·ln 2 is exact. */
    private static final double LN2_HIGH = 0.693147180369123816490;

    private static final double LN2_LOW = 1.90821492927058770002e-10;

    /** Adding 1.5·2^52 rounds a small double to an integer held in the low bits. */
    private static final double ROUNDER = 0x1.8p52;

    private static final long ROUNDER_BITS = Double.doubleToRawLongBits(ROUNDER);

    /**
     * Below this the result would not be a normal double; smaller arguments are raised to it, which
     * gives 3e-308.
     */
    private static final double LOWEST = -708;

    private static final double C12 = 1d / 479001600;
    private static final double C11 = 1d / 39916800;
    private static final double C10 = 1d / 3628800;
    private static final double C9 = 1d / 362880;
    private static final double C8 = 1d / 40320;
    private static final double C7 = 1d / 5040;
    private static final double C6 = 1d / 720;
    private static final double C5 = 1d / 120;
    private static final double C4 = 1d / 24;
    private static final double C3 = 1d / 6;
    private static final double C2 = 1d / 2;

    private LogSumExp() {}

    /**
     * {@code log Σ exp(logits[i] − max)}: the log-sum-exp of the logits minus their maximum.
     *
     * @param logits at least one, all finite
     * @param max the largest logit
     */
    public static double aboveMax(float[] logits, float max) {
        int blocks = Math.ceilDiv(logits.length, BLOCK);
        double[] sums = new double[blocks * LANES];
        ThreadPool.chunks(
                blocks,
                1,
                (from, to) -> {
                    for (int b = from; b < to; b++) {
                        sumBlock(logits, b * BLOCK, max, sums, b * LANES);
                    }
                });
        double sum = 0;
        for (double lane : sums) {
            sum += lane;
        }
        return StrictMath.log(sum);
    }

    private static void sumBlock(float[] logits, int from, float max, double[] sums, int at) {
        int count = Math.min(BLOCK, logits.length - from);
        int whole = count / LANES * LANES;
        sum(logits, from, whole, max, sums, at);
        if (whole < count) {
            float[] rest = new float[LANES];
            Arrays.fill(rest, Float.NEGATIVE_INFINITY);
            System.arraycopy(logits, from + whole, rest, 0, count - whole);
            sum(rest, 0, LANES, max, sums, at);
        }
    }

    /**
     * The kernel, too large for the compiler to inline: {@code sums[sumsAt + lane] += Σ exp(x −
     * max)}.
     */
    private static void sum(float[] x, int at, int n, double max, double[] sums, int sumsAt) {
        if (ColdStart.usesLoops((long) VectorMath.EXP_STEPS * n)) {
            for (int i = 0; i < n; i++) {
                sums[sumsAt + i % LANES] += exp(x[at + i] - max);
            }
            return;
        }
        DoubleVector sum = DoubleVector.fromArray(DOUBLES, sums, sumsAt);
        DoubleVector high = DoubleVector.broadcast(DOUBLES, -LN2_HIGH);
        DoubleVector low = DoubleVector.broadcast(DOUBLES, -LN2_LOW);
        for (int i = at; i < at + n; i += LANES) {
            DoubleVector v =
                    (DoubleVector)
                            FloatVector.fromArray(FLOATS, x, i)
                                    .convertShape(VectorOperators.F2D, DOUBLES, 0);
            v = v.sub(max).max(LOWEST);
            DoubleVector rounded = v.fma(LOG2_E, ROUNDER);
            DoubleVector power = rounded.sub(ROUNDER);
            DoubleVector r = power.fma(low, power.fma(high, v));
            DoubleVector p = DoubleVector.broadcast(DOUBLES, C12);
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C11));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C10));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C9));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C8));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C7));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C6));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C5));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C4));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C3));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, C2));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1));
            p = p.fma(r, DoubleVector.broadcast(DOUBLES, 1));
            LongVector exponent =
                    rounded.reinterpretAsLongs()
                            .sub(ROUNDER_BITS)
                            .add(1023)
                            .lanewise(VectorOperators.LSHL, 52);
            sum = sum.add(p.mul(exponent.reinterpretAsDoubles()));
        }
        sum.intoArray(sums, sumsAt);
    }

    /** The exponential of one value, with the same bits as in a lane of a vector. */
    private static double exp(double x) {
        double v = Math.max(x, LOWEST);
        double rounded = Math.fma(v, LOG2_E, ROUNDER);
        double power = rounded - ROUNDER;
        double r = Math.fma(power, -LN2_LOW, Math.fma(power, -LN2_HIGH, v));
        double p = Math.fma(C12, r, C11);
        p = Math.fma(p, r, C10);
        p = Math.fma(p, r, C9);
        p = Math.fma(p, r, C8);
        p = Math.fma(p, r, C7);
        p = Math.fma(p, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        long exponent = (Double.doubleToRawLongBits(rounded) - ROUNDER_BITS + 1023) << 52;
        return p * Double.longBitsToDouble(exponent);
    }

    /**
     * The index of the largest value, the lowest index on ties. −1 when the array is empty or a
     * value is NaN or infinite.
     */
    public static int argMax(float[] values) {
        FloatVector greatest = FloatVector.broadcast(VectorMath.SPECIES, Float.NEGATIVE_INFINITY);
        // Zero times a finite value is 0; times any other value it is NaN, and stays NaN.
        FloatVector nothing = FloatVector.zero(VectorMath.SPECIES);
        boolean inLoops = ColdStart.usesLoops(values.length);
        int whole = inLoops ? 0 : values.length / VectorMath.LANES * VectorMath.LANES;
        int i = 0;
        for (; i < whole; i += VectorMath.LANES) {
            FloatVector v = FloatVector.fromArray(VectorMath.SPECIES, values, i);
            nothing = nothing.add(v.mul(0));
            // Not max, which takes six instructions.
            greatest = greatest.blend(v, greatest.lt(v));
        }
        float max = greatest.reduceLanes(VectorOperators.MAX);
        float none = nothing.reduceLanes(VectorOperators.ADD);
        for (; i < values.length; i++) {
            none += values[i] * 0;
            max = Math.max(max, values[i]);
        }
        if (none != 0 || values.length == 0) {
            return -1;
        }
        return firstOf(values, max, whole);
    }

    /** The first index of a value that the array contains. */
    private static int firstOf(float[] values, float value, int whole) {
        int i = 0;
        while (i < whole
                && !FloatVector.fromArray(VectorMath.SPECIES, values, i).eq(value).anyTrue()) {
            i += VectorMath.LANES;
        }
        while (values[i] != value) {
            i++;
        }
        return i;
    }
}
