package dev.cairn.tensor;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Activations} for floats. Φ comes from the rational approximation 7.1.26 of Abramowitz and
 * Stegun (absolute error 1.5e-7, about one unit in the last place of a float near 1), whose
 * exponential the backward pass needs anyway.
 *
 * <p>A row is copied to scratch that has room for whole vectors, so no kernel has a tail of its
 * own, and a result does not depend on where in a row its value stands.
 */
final class VectorActivations implements Activations {
    private static final int GRAIN = 8;
    private static final float INV_SQRT_2PI = (float) (1 / Math.sqrt(2 * Math.PI));
    private static final float INV_SQRT_2 = (float) Math.sqrt(0.5);

    /** Coefficients p and a1 to a5 of the approximation; p for x instead of x/√2. */
    private static final float P = 0.3275911f * INV_SQRT_2;

    private static final float A1 = 0.254829592f;
    private static final float A2 = -0.284496736f;
    private static final float A3 = 1.421413741f;
    private static final float A4 = -1.453152027f;
    private static final float A5 = 1.061405429f;

    @Override
    public void gelu(Tensor x, Tensor y) {
        float[] in = ((F32Tensor) x).data;
        float[] out = ((F32Tensor) y).data;
        rows(
                x,
                (at, n, s) -> {
                    System.arraycopy(in, at, s.a, 0, n);
                    gelu(s.a, s.exp, n);
                    System.arraycopy(s.a, 0, out, at, n);
                });
    }

    @Override
    public void geluBackward(Tensor x, Tensor dy, Tensor dx) {
        float[] in = ((F32Tensor) x).data;
        float[] dOut = ((F32Tensor) dy).data;
        float[] dIn = ((F32Tensor) dx).data;
        rows(
                x,
                (at, n, s) -> {
                    System.arraycopy(in, at, s.a, 0, n);
                    System.arraycopy(dOut, at, s.d, 0, n);
                    geluBackward(s.a, s.exp, s.d, n);
                    System.arraycopy(s.d, 0, dIn, at, n);
                });
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor y) {
        float[] g = ((F32Tensor) gate).data;
        float[] u = ((F32Tensor) up).data;
        float[] out = ((F32Tensor) y).data;
        rows(
                gate,
                (at, n, s) -> {
                    System.arraycopy(g, at, s.a, 0, n);
                    System.arraycopy(u, at, s.b, 0, n);
                    swiGlu(s.a, s.b, s.exp, n);
                    System.arraycopy(s.a, 0, out, at, n);
                });
    }

    @Override
    public void swiGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp) {
        float[] g = ((F32Tensor) gate).data;
        float[] u = ((F32Tensor) up).data;
        float[] d = ((F32Tensor) dy).data;
        float[] dg = ((F32Tensor) dGate).data;
        float[] du = ((F32Tensor) dUp).data;
        rows(
                gate,
                (at, n, s) -> {
                    System.arraycopy(g, at, s.a, 0, n);
                    System.arraycopy(u, at, s.b, 0, n);
                    System.arraycopy(d, at, s.d, 0, n);
                    swiGluBackward(s.a, s.b, s.exp, s.d, n);
                    System.arraycopy(s.a, 0, dg, at, n);
                    System.arraycopy(s.b, 0, du, at, n);
                });
    }

    /** One row of each argument, in whole vectors. */
    private static final class Scratch {
        float[] a = new float[0];
        float[] b = new float[0];
        float[] d = new float[0];
        float[] exp = new float[0];

        void reserve(int n) {
            int padded = VectorMath.padded(n);
            if (a.length < padded) {
                a = new float[padded];
                b = new float[padded];
                d = new float[padded];
                exp = new float[padded];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @FunctionalInterface
    private interface Row {
        /** One row of {@code n} values from {@code at} on. */
        void run(int at, int n, Scratch scratch);
    }

    private static void rows(Tensor x, Row body) {
        int n = x.cols();
        Workers.parallel(
                x.rows(),
                GRAIN,
                (from, to) -> {
                    Scratch scratch = SCRATCH.get();
                    scratch.reserve(n);
                    for (int t = from; t < to; t++) {
                        body.run(t * n, n, scratch);
                    }
                });
    }

    /** {@code x = x·Φ(x)}. */
    private static void gelu(float[] x, float[] exp, int n) {
        gaussian(x, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector t = FloatVector.broadcast(SPECIES, 1).div(v.abs().mul(P).add(1));
            FloatVector tail =
                    t.fma(A5, A4)
                            .fma(t, FloatVector.broadcast(SPECIES, A3))
                            .fma(t, FloatVector.broadcast(SPECIES, A2));
            tail = tail.fma(t, FloatVector.broadcast(SPECIES, A1)).mul(t).mul(0.5f);
            tail = tail.mul(FloatVector.fromArray(SPECIES, exp, i));
            VectorMask<Float> positive = v.compare(VectorOperators.GE, 0);
            FloatVector cdf = tail.blend(FloatVector.broadcast(SPECIES, 1).sub(tail), positive);
            v.mul(cdf).intoArray(x, i);
        }
    }

    /** {@code d = d·(Φ(x) + x·φ(x))}. */
    private static void geluBackward(float[] x, float[] exp, float[] d, int n) {
        gaussian(x, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            FloatVector e = FloatVector.fromArray(SPECIES, exp, i);
            FloatVector t = FloatVector.broadcast(SPECIES, 1).div(v.abs().mul(P).add(1));
            FloatVector tail =
                    t.fma(A5, A4)
                            .fma(t, FloatVector.broadcast(SPECIES, A3))
                            .fma(t, FloatVector.broadcast(SPECIES, A2));
            tail = tail.fma(t, FloatVector.broadcast(SPECIES, A1)).mul(t).mul(0.5f);
            tail = tail.mul(e);
            VectorMask<Float> positive = v.compare(VectorOperators.GE, 0);
            FloatVector cdf = tail.blend(FloatVector.broadcast(SPECIES, 1).sub(tail), positive);
            FloatVector slope = v.mul(INV_SQRT_2PI).fma(e, cdf);
            slope.mul(FloatVector.fromArray(SPECIES, d, i)).intoArray(d, i);
        }
    }

    /** {@code gate = gate·σ(gate)·up}. */
    private static void swiGlu(float[] gate, float[] up, float[] exp, int n) {
        negativeExp(gate, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, gate, i);
            v.div(FloatVector.fromArray(SPECIES, exp, i).add(1))
                    .mul(FloatVector.fromArray(SPECIES, up, i))
                    .intoArray(gate, i);
        }
    }

    /** Gradients of {@link #swiGlu}, in place of gate and up. */
    private static void swiGluBackward(float[] gate, float[] up, float[] exp, float[] d, int n) {
        negativeExp(gate, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, gate, i);
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            FloatVector s = one.div(FloatVector.fromArray(SPECIES, exp, i).add(1));
            FloatVector ds = s.mul(FloatVector.fromArray(SPECIES, d, i));
            FloatVector upper = FloatVector.fromArray(SPECIES, up, i);
            ds.mul(v).intoArray(up, i);
            ds.mul(upper).mul(one.sub(s).fma(v, one)).intoArray(gate, i);
        }
    }

    /** {@code exp = exp(−x²/2)}. */
    private static void gaussian(float[] x, float[] exp, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, i);
            v.mul(v).mul(-0.5f).intoArray(exp, i);
        }
        VectorMath.exp(exp, 0, n, 0);
    }

    private static void negativeExp(float[] x, float[] exp, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector.fromArray(SPECIES, x, i).neg().intoArray(exp, i);
        }
        VectorMath.exp(exp, 0, n, 0);
    }
}
