package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Norms;
import dev.cairn.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Reference implementation of {@link Norms}, written as the formulas read. */
final class ScalarNorms implements Norms {
    @Override
    public void layerNorm(Tensor x, Tensor gain, Tensor bias, double eps, Tensor y, Tensor stats) {
        int n = x.cols();
        for (int t = 0; t < x.rows(); t++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += x.get(t, i) / n;
            }
            double variance = 0;
            for (int i = 0; i < n; i++) {
                variance += (x.get(t, i) - mean) * (x.get(t, i) - mean) / n;
            }
            stats.set(t, 0, mean);
            stats.set(t, 1, 1 / Math.sqrt(variance + eps));
            for (int i = 0; i < n; i++) {
                double normal = (x.get(t, i) - mean) * stats.get(t, 1);
                y.set(t, i, normal * gain.get(0, i) + bias.get(0, i));
            }
        }
    }

    @Override
    public void layerNormBackward(
            Tensor x,
            Tensor gain,
            Tensor stats,
            Tensor dy,
            Tensor dx,
            @Nullable Tensor dGain,
            @Nullable Tensor dBias) {
        backward(x, gain, stats, dy, dx, dGain, dBias, true);
    }

    @Override
    public void rmsNorm(Tensor x, Tensor gain, double eps, Tensor y, Tensor stats) {
        int n = x.cols();
        for (int t = 0; t < x.rows(); t++) {
            double meanSquare = 0;
            for (int i = 0; i < n; i++) {
                meanSquare += x.get(t, i) * x.get(t, i) / n;
            }
            stats.set(t, 0, 0);
            stats.set(t, 1, 1 / Math.sqrt(meanSquare + eps));
            for (int i = 0; i < n; i++) {
                y.set(t, i, x.get(t, i) * stats.get(t, 1) * gain.get(0, i));
            }
        }
    }

    @Override
    public void rmsNormBackward(
            Tensor x, Tensor gain, Tensor stats, Tensor dy, Tensor dx, @Nullable Tensor dGain) {
        backward(x, gain, stats, dy, dx, dGain, null, false);
    }

    /**
     * With n = (x − mean)·rstd and g = dy·gain: dx = rstd · (g − mean(g) − n·mean(g·n)); without
     * centring the mean(g) term is absent.
     */
    private static void backward(
            Tensor x,
            Tensor gain,
            Tensor stats,
            Tensor dy,
            Tensor dx,
            @Nullable Tensor dGain,
            @Nullable Tensor dBias,
            boolean centred) {
        int n = x.cols();
        for (int t = 0; t < x.rows(); t++) {
            double mean = stats.get(t, 0);
            double rstd = stats.get(t, 1);
            double meanG = 0;
            double meanGN = 0;
            for (int i = 0; i < n; i++) {
                double g = dy.get(t, i) * gain.get(0, i);
                meanG += g / n;
                meanGN += g * (x.get(t, i) - mean) * rstd / n;
            }
            for (int i = 0; i < n; i++) {
                double normal = (x.get(t, i) - mean) * rstd;
                double g = dy.get(t, i) * gain.get(0, i);
                dx.add(t, i, rstd * (g - (centred ? meanG : 0) - normal * meanGN));
                if (dGain != null) {
                    dGain.add(0, i, dy.get(t, i) * normal);
                }
                if (dBias != null) {
                    dBias.add(0, i, dy.get(t, i));
                }
            }
        }
    }
}
