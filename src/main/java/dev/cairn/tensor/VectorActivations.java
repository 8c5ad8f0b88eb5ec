package dev.cairn.tensor;

/**
 * {@link Activations} for floats. Φ comes from the rational approximation 7.1.26 of Abramowitz and
 * Stegun (absolute error 1.5e-7, about one unit in the last place of a float near 1), whose
 * exponential the backward pass needs anyway.
 */
final class VectorActivations implements Activations {
    private static final int GRAIN = 8;
    private static final float INV_SQRT_2PI = (float) (1 / Math.sqrt(2 * Math.PI));
    private static final float INV_SQRT_2 = (float) Math.sqrt(0.5);

    @Override
    public void gelu(Tensor x, Tensor y) {
        float[] in = ((F32Tensor) x).data;
        float[] out = ((F32Tensor) y).data;
        rows(
                x,
                (at, n, exp) -> {
                    gaussian(in, at, n, exp);
                    for (int i = 0; i < n; i++) {
                        out[at + i] = in[at + i] * cdf(in[at + i], exp[i]);
                    }
                });
    }

    @Override
    public void geluBackward(Tensor x, Tensor dy, Tensor dx) {
        float[] in = ((F32Tensor) x).data;
        float[] dOut = ((F32Tensor) dy).data;
        float[] dIn = ((F32Tensor) dx).data;
        rows(
                x,
                (at, n, exp) -> {
                    gaussian(in, at, n, exp);
                    for (int i = 0; i < n; i++) {
                        float v = in[at + i];
                        dIn[at + i] = dOut[at + i] * (cdf(v, exp[i]) + v * INV_SQRT_2PI * exp[i]);
                    }
                });
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor y) {
        float[] g = ((F32Tensor) gate).data;
        float[] u = ((F32Tensor) up).data;
        float[] out = ((F32Tensor) y).data;
        rows(
                gate,
                (at, n, exp) -> {
                    negativeExp(g, at, n, exp);
                    for (int i = 0; i < n; i++) {
                        out[at + i] = g[at + i] / (1 + exp[i]) * u[at + i];
                    }
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
                (at, n, exp) -> {
                    negativeExp(g, at, n, exp);
                    for (int i = 0; i < n; i++) {
                        float s = 1 / (1 + exp[i]);
                        float v = g[at + i];
                        float dOut = d[at + i];
                        float upper = u[at + i];
                        du[at + i] = dOut * v * s;
                        dg[at + i] = dOut * upper * s * (1 + v * (1 - s));
                    }
                });
    }

    @FunctionalInterface
    private interface Row {
        /** One row of {@code n} values from {@code at} on, with scratch for its exponentials. */
        void run(int at, int n, float[] exp);
    }

    private static void rows(Tensor x, Row body) {
        int n = x.cols();
        Workers.parallel(
                x.rows(),
                GRAIN,
                (from, to) -> {
                    float[] exp = new float[VectorMath.padded(n)];
                    for (int t = from; t < to; t++) {
                        body.run(t * n, n, exp);
                    }
                });
    }

    /** {@code exp[i] = exp(−x²/2)}. */
    private static void gaussian(float[] x, int at, int n, float[] exp) {
        for (int i = 0; i < n; i++) {
            exp[i] = -0.5f * x[at + i] * x[at + i];
        }
        VectorMath.exp(exp, 0, n, 0);
    }

    private static void negativeExp(float[] x, int at, int n, float[] exp) {
        for (int i = 0; i < n; i++) {
            exp[i] = -x[at + i];
        }
        VectorMath.exp(exp, 0, n, 0);
    }

    /** Φ(x), given exp(−x²/2). */
    private static float cdf(float x, float gaussian) {
        float t = 1 / (1 + 0.3275911f * INV_SQRT_2 * Math.abs(x));
        float poly =
                t
                        * (0.254829592f
                                + t
                                        * (-0.284496736f
                                                + t
                                                        * (1.421413741f
                                                                + t
                                                                        * (-1.453152027f
                                                                                + t
                                                                                        * 1.061405429f))));
        float tail = 0.5f * poly * gaussian;
        return x >= 0 ? 1 - tail : tail;
    }
}
