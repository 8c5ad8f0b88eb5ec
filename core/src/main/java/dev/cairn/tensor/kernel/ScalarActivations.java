package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Activations;
import dev.cairn.tensor.Tensor;

/** Reference implementation of {@link Activations}, written as the formulas read. */
final class ScalarActivations implements Activations {
    private static final double INV_SQRT_2PI = 1 / Math.sqrt(2 * Math.PI);
    private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
    private static final double GELU_CUBIC = 0.044715;

    @Override
    public void gelu(Tensor x, Tensor y) {
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.cols(); c++) {
                y.set(r, c, x.get(r, c) * normalCdf(x.get(r, c)));
            }
        }
    }

    @Override
    public void geluBackward(Tensor x, Tensor dy, Tensor dx) {
        for (int r = 0; r < x.rows(); r++) {
            for (int c = 0; c < x.cols(); c++) {
                double v = x.get(r, c);
                double density = INV_SQRT_2PI * Math.exp(-v * v / 2);
                dx.set(r, c, dy.get(r, c) * (normalCdf(v) + v * density));
            }
        }
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor y) {
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.cols(); c++) {
                double g = gate.get(r, c);
                y.set(r, c, g * sigmoid(g) * up.get(r, c));
            }
        }
    }

    @Override
    public void swiGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp) {
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.cols(); c++) {
                double g = gate.get(r, c);
                double s = sigmoid(g);
                double d = dy.get(r, c);
                double u = up.get(r, c);
                dUp.set(r, c, d * g * s);
                dGate.set(r, c, d * u * s * (1 + g * (1 - s)));
            }
        }
    }

    @Override
    public void geGlu(Tensor gate, Tensor up, Tensor y) {
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.cols(); c++) {
                double g = gate.get(r, c);
                y.set(r, c, g * sigmoid(2 * geluArgument(g)) * up.get(r, c));
            }
        }
    }

    @Override
    public void geGluBackward(Tensor gate, Tensor up, Tensor dy, Tensor dGate, Tensor dUp) {
        for (int r = 0; r < gate.rows(); r++) {
            for (int c = 0; c < gate.cols(); c++) {
                double g = gate.get(r, c);
                double s = sigmoid(2 * geluArgument(g));
                double slope = SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * g * g);
                double d = dy.get(r, c);
                dUp.set(r, c, d * g * s);
                dGate.set(r, c, d * up.get(r, c) * s * (1 + g * (1 - s) * 2 * slope));
            }
        }
    }

    /** {@code √(2/π)·(g + 0.044715·g³)}. */
    private static double geluArgument(double g) {
        return SQRT_2_OVER_PI * (g + GELU_CUBIC * g * g * g);
    }

    private static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    /**
     * Φ(x) = erfc(−x/√2)/2 to double precision: erf by its Maclaurin series near zero, erfc by its
     * continued fraction further out (Abramowitz and Stegun 7.1.6 and 7.1.14).
     */
    static double normalCdf(double x) {
        double z = Math.abs(x) / Math.sqrt(2);
        double upperTail;
        if (z < 2.5) {
            double term = z;
            double sum = z;
            for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
                term *= 2 * z * z / (2 * n + 1);
                sum += term;
            }
            upperTail = 0.5 - Math.exp(-z * z) * sum / Math.sqrt(Math.PI);
        } else {
            double fraction = z;
            for (int k = 80; k >= 1; k--) {
                fraction = z + k / 2.0 / fraction;
            }
            upperTail = Math.exp(-z * z) / (2 * Math.sqrt(Math.PI) * fraction);
        }
        return x >= 0 ? 1 - upperTail : upperTail;
    }
}
