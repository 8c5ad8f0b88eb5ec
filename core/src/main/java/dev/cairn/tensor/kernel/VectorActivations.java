package dev.cairn.tensor.kernel;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Activations;
import dev.cairn.tensor.ColdStart;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.VectorMath;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Activations} for floats. Φ comes from the rational approximation 7.1.26 of Abramowitz and
 * Stegun (absolute error 1.5e-7, about one unit in the last place of a float near 1), whose
 * exponential the backward pass needs anyway.
 *
 * <p>The rest of a row after its last whole vector is copied to scratch memory for one vector. So
 * no kernel needs code for the tail, and a result does not depend on the value's position in the
 * row.
 */
public final class VectorActivations implements Activations {
    private static final int GRAIN = 8;
    private static final float INV_SQRT_2PI = (float) (1 / Math.sqrt(2 * Math.PI));
    private static final float INV_SQRT_2 = (float) Math.sqrt(0.5);

    /** Coefficients p and a1 to a5 of the approximation; p for x instead of x/√2. */
    private static final float P = 0.3275911f * INV_SQRT_2;

    /** {@code 2u = g·(LINEAR + CUBIC·g²)}, the argument of {@link Activations#geGlu}'s sigmoid. */
    private static final float LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));

    private static final float CUBIC = (float) (2 * Math.sqrt(2 / Math.PI) * 0.044715);

    private static final float A1 = 0.254829592f;
    private static final float A2 = -0.284496736f;
    private static final float A3 = 1.421413741f;
    private static final float A4 = -1.453152027f;
    private static final float A5 = 1.061405429f;

    @Override
    public void gelu(Tensor x, Tensor y) {
        rows(x, List.of(x), List.of(y), VectorActivations::gelu);
    }

    @Override
    public void geluBackward(Tensor x, Tensor dy, Tensor dx) {
        rows(x, List.of(x, dy), List.of(dx), VectorActivations::geluBackward);
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor y) {
        rows(gate, List.of(gate, up), List.of(y), VectorActivations::swiGlu);
    }

    @Override
    public void swiGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp) {
        rows(gate, List.of(gate, up, dy), List.of(dGate, dUp), VectorActivations::swiGluBackward);
    }

    @Override
    public void geGlu(Tensor gate, Tensor up, Tensor y) {
        rows(gate, List.of(gate, up), List.of(y), VectorActivations::geGlu);
    }

    @Override
    public void geGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp) {
        rows(gate, List.of(gate, up, dy), List.of(dGate, dUp), VectorActivations::geGluBackward);
    }

    /** Scratch memory of one thread: a row of exponentials, and a vector of each argument. */
    private static final class Scratch {
        private static final int MAX_ARGUMENTS = 3;

        final float[][] vectors = new float[MAX_ARGUMENTS][LANES];
        float[] exp = new float[0];

        void reserve(int n) {
            if (exp.length < VectorMath.padded(n)) {
                exp = new float[VectorMath.padded(n)];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    @FunctionalInterface
    private interface Kernel {
        /**
         * Computes {@code n} values, in whole vectors, starting at {@code at} in every argument.
         */
        void run(float[][] in, int at, float[][] out, float[] exp, int n);
    }

    private static void rows(Tensor x, List<Tensor> in, List<Tensor> out, Kernel kernel) {
        float[][] from = arrays(in);
        float[][] into = arrays(out);
        int n = x.cols();
        int whole = n / LANES * LANES;
        ThreadPool.chunks(
                x.rows(),
                GRAIN,
                (first, until) -> {
                    Scratch scratch = SCRATCH.get();
                    scratch.reserve(n);
                    for (int t = first; t < until; t++) {
                        kernel.run(from, t * n, into, scratch.exp, whole);
                        if (whole < n) {
                            rest(from, t * n + whole, into, n - whole, kernel, scratch);
                        }
                    }
                });
    }

    private static float[][] arrays(List<Tensor> tensors) {
        return tensors.stream().map(t -> ((F32Tensor) t).data).toArray(float[][]::new);
    }

    /** Computes the rest of a row, padded to a vector in scratch memory. */
    private static void rest(
            float[][] in, int at, float[][] out, int n, Kernel kernel, Scratch scratch) {
        for (int i = 0; i < in.length; i++) {
            System.arraycopy(in[i], at, scratch.vectors[i], 0, n);
        }
        kernel.run(scratch.vectors, 0, scratch.vectors, scratch.exp, LANES);
        for (int i = 0; i < out.length; i++) {
            System.arraycopy(scratch.vectors[i], 0, out[i], at, n);
        }
    }

    /** {@code y = x·Φ(x)}. */
    private static void gelu(float[][] in, int at, float[][] out, float[] exp, int n) {
        float[] x = in[0];
        float[] y = out[0];
        gaussian(x, at, exp, n);
        if (ColdStart.usesLoops(n)) {
            geluInLoops(x, at, y, exp, n);
            return;
        }
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, at + i);
            FloatVector t = FloatVector.broadcast(SPECIES, 1).div(v.abs().mul(P).add(1));
            FloatVector tail =
                    t.fma(A5, A4)
                            .fma(t, FloatVector.broadcast(SPECIES, A3))
                            .fma(t, FloatVector.broadcast(SPECIES, A2));
            tail = tail.fma(t, FloatVector.broadcast(SPECIES, A1)).mul(t).mul(0.5f);
            tail = tail.mul(FloatVector.fromArray(SPECIES, exp, i));
            VectorMask<Float> positive = v.compare(VectorOperators.GE, 0);
            FloatVector cdf = tail.blend(FloatVector.broadcast(SPECIES, 1).sub(tail), positive);
            v.mul(cdf).intoArray(y, at + i);
        }
    }

    private static void geluInLoops(float[] x, int at, float[] y, float[] exp, int n) {
        for (int i = 0; i < n; i++) {
            float v = x[at + i];
            float t = 1 / (Math.abs(v) * P + 1);
            float tail = Math.fma(Math.fma(Math.fma(t, A5, A4), t, A3), t, A2);
            tail = Math.fma(tail, t, A1) * t * 0.5f * exp[i];
            y[at + i] = v * (v >= 0 ? 1 - tail : tail);
        }
    }

    /** {@code dx = dy·(Φ(x) + x·φ(x))}. */
    private static void geluBackward(float[][] in, int at, float[][] out, float[] exp, int n) {
        float[] x = in[0];
        float[] dy = in[1];
        float[] dx = out[0];
        gaussian(x, at, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, x, at + i);
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
            slope.mul(FloatVector.fromArray(SPECIES, dy, at + i)).intoArray(dx, at + i);
        }
    }

    /** {@code y = gate·σ(gate)·up}. */
    private static void swiGlu(float[][] in, int at, float[][] out, float[] exp, int n) {
        float[] gate = in[0];
        float[] up = in[1];
        float[] y = out[0];
        negativeExp(gate, at, exp, n);
        gated(gate, up, at, y, exp, n);
    }

    /** {@code y = gate/(exp + 1)·up}. */
    private static void gated(float[] gate, float[] up, int at, float[] y, float[] exp, int n) {
        if (ColdStart.usesLoops(n)) {
            for (int i = 0; i < n; i++) {
                y[at + i] = gate[at + i] / (exp[i] + 1) * up[at + i];
            }
            return;
        }
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, gate, at + i);
            v.div(FloatVector.fromArray(SPECIES, exp, i).add(1))
                    .mul(FloatVector.fromArray(SPECIES, up, at + i))
                    .intoArray(y, at + i);
        }
    }

    /** {@code y = gate·σ(2u)·up}. */
    private static void geGlu(float[][] in, int at, float[][] out, float[] exp, int n) {
        negativeGeluExp(in[0], at, exp, n);
        gated(in[0], in[1], at, out[0], exp, n);
    }

    /** Gradients of {@link #geGlu}. */
    private static void geGluBackward(float[][] in, int at, float[][] out, float[] exp, int n) {
        float[] gate = in[0];
        float[] up = in[1];
        float[] dy = in[2];
        float[] dGate = out[0];
        float[] dUp = out[1];
        negativeGeluExp(gate, at, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, gate, at + i);
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            FloatVector s = one.div(FloatVector.fromArray(SPECIES, exp, i).add(1));
            FloatVector ds = s.mul(FloatVector.fromArray(SPECIES, dy, at + i));
            FloatVector upper = FloatVector.fromArray(SPECIES, up, at + i);
            FloatVector slope = v.mul(v).mul(3 * CUBIC).add(LINEAR).mul(v);
            ds.mul(v).intoArray(dUp, at + i);
            ds.mul(upper).mul(one.sub(s).fma(slope, one)).intoArray(dGate, at + i);
        }
    }

    /** Gradients of {@link #swiGlu}. */
    private static void swiGluBackward(float[][] in, int at, float[][] out, float[] exp, int n) {
        float[] gate = in[0];
        float[] up = in[1];
        float[] dy = in[2];
        float[] dGate = out[0];
        float[] dUp = out[1];
        negativeExp(gate, at, exp, n);
        for (int i = 0; i < n; i += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, gate, at + i);
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            FloatVector s = one.div(FloatVector.fromArray(SPECIES, exp, i).add(1));
            FloatVector ds = s.mul(FloatVector.fromArray(SPECIES, dy, at + i));
            FloatVector upper = FloatVector.fromArray(SPECIES, up, at + i);
            ds.mul(v).intoArray(dUp, at + i);
            ds.mul(upper).mul(one.sub(s).fma(v, one)).intoArray(dGate, at + i);
        }
    }

    /** {@code exp = exp(−x²/2)}. */
    private static void gaussian(float[] x, int at, float[] exp, int n) {
        if (ColdStart.usesLoops(n)) {
            for (int i = 0; i < n; i++) {
                exp[i] = x[at + i] * x[at + i] * -0.5f;
            }
        } else {
            for (int i = 0; i < n; i += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, x, at + i);
                v.mul(v).mul(-0.5f).intoArray(exp, i);
            }
        }
        VectorMath.exp(exp, 0, n, 0);
    }

    /** {@code exp = exp(−2u)}. */
    private static void negativeGeluExp(float[] x, int at, float[] exp, int n) {
        if (ColdStart.usesLoops(n)) {
            for (int i = 0; i < n; i++) {
                float v = x[at + i];
                exp[i] = -(Math.fma(v * v, CUBIC, LINEAR) * v);
            }
        } else {
            for (int i = 0; i < n; i += LANES) {
                FloatVector v = FloatVector.fromArray(SPECIES, x, at + i);
                v.mul(v)
                        .fma(
                                FloatVector.broadcast(SPECIES, CUBIC),
                                FloatVector.broadcast(SPECIES, LINEAR))
                        .mul(v)
                        .neg()
                        .intoArray(exp, i);
            }
        }
        VectorMath.exp(exp, 0, n, 0);
    }

    private static void negativeExp(float[] x, int at, float[] exp, int n) {
        if (ColdStart.usesLoops(n)) {
            for (int i = 0; i < n; i++) {
                exp[i] = -x[at + i];
            }
        } else {
            for (int i = 0; i < n; i += LANES) {
                FloatVector.fromArray(SPECIES, x, at + i).neg().intoArray(exp, i);
            }
        }
        VectorMath.exp(exp, 0, n, 0);
    }
}
