package dev.cairn.tensor.kernel;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Norms;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.VectorMath;
import org.jspecify.annotations.Nullable;

/** {@link Norms} for floats: rows in parallel, with vectorised sums over each row. */
final class VectorNorms implements Norms {
    private static final int GRAIN = 16;

    /** Columns per range in sums whose rows must be added in order. */
    private static final int COLUMNS = 64;

    @Override
    public void layerNorm(Tensor x, Tensor gain, Tensor bias, double eps, Tensor y, Tensor stats) {
        forward(x, floats(gain), floats(bias), eps, y, stats, true);
    }

    @Override
    public void rmsNorm(Tensor x, Tensor gain, double eps, Tensor y, Tensor stats) {
        forward(x, floats(gain), new float[x.cols()], eps, y, stats, false);
    }

    private static float[] floats(Tensor t) {
        return t instanceof F32Tensor f ? f.data : t.toFloats();
    }

    private static void forward(
            Tensor x,
            float[] gain,
            float[] bias,
            double eps,
            Tensor y,
            Tensor stats,
            boolean centred) {
        float[] in = ((F32Tensor) x).data;
        float[] out = ((F32Tensor) y).data;
        float[] kept = ((F32Tensor) stats).data;
        int n = x.cols();
        ThreadPool.parallel(
                x.rows(),
                GRAIN,
                (from, to) -> {
                    float[] lanes = new float[VectorMath.LANES];
                    for (int t = from; t < to; t++) {
                        int at = t * n;
                        float mean = centred ? VectorMath.sum(in, at, n, lanes) / n : 0;
                        for (int i = 0; i < n; i++) {
                            out[at + i] = in[at + i] - mean;
                        }
                        double square = VectorMath.dot(out, at, out, at, n, lanes) / n;
                        float rstd = (float) (1 / Math.sqrt(square + eps));
                        kept[2 * t] = mean;
                        kept[2 * t + 1] = rstd;
                        for (int i = 0; i < n; i++) {
                            out[at + i] = out[at + i] * rstd * gain[i] + bias[i];
                        }
                    }
                });
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
        backward(x, gain.toFloats(), stats, dy, dx, true);
        weights(x, stats, dy, dGain, dBias);
    }

    @Override
    public void rmsNormBackward(
            Tensor x, Tensor gain, Tensor stats, Tensor dy, Tensor dx, @Nullable Tensor dGain) {
        backward(x, gain.toFloats(), stats, dy, dx, false);
        weights(x, stats, dy, dGain, null);
    }

    private static void backward(
            Tensor x, float[] gain, Tensor stats, Tensor dy, Tensor dx, boolean centred) {
        float[] in = ((F32Tensor) x).data;
        float[] kept = ((F32Tensor) stats).data;
        float[] dOut = ((F32Tensor) dy).data;
        float[] dIn = ((F32Tensor) dx).data;
        int n = x.cols();
        ThreadPool.parallel(
                x.rows(),
                GRAIN,
                (from, to) -> {
                    float[] lanes = new float[VectorMath.LANES];
                    float[] g = new float[n];
                    float[] normal = new float[n];
                    for (int t = from; t < to; t++) {
                        int at = t * n;
                        float mean = kept[2 * t];
                        float rstd = kept[2 * t + 1];
                        for (int i = 0; i < n; i++) {
                            g[i] = dOut[at + i] * gain[i];
                            normal[i] = (in[at + i] - mean) * rstd;
                        }
                        float meanG = centred ? VectorMath.sum(g, 0, n, lanes) / n : 0;
                        float meanGN = VectorMath.dot(g, 0, normal, 0, n, lanes) / n;
                        for (int i = 0; i < n; i++) {
                            dIn[at + i] += rstd * (g[i] - meanG - normal[i] * meanGN);
                        }
                    }
                });
    }

    /** Gradients of gain and bias; rows are added in order, so the sums are always the same. */
    private static void weights(
            Tensor x, Tensor stats, Tensor dy, @Nullable Tensor dGain, @Nullable Tensor dBias) {
        if (dGain == null && dBias == null) {
            return;
        }
        float[] in = ((F32Tensor) x).data;
        float[] kept = ((F32Tensor) stats).data;
        float[] dOut = ((F32Tensor) dy).data;
        float[] gains = dGain instanceof F32Tensor f ? f.data : new float[x.cols()];
        float[] biases = dBias instanceof F32Tensor f ? f.data : new float[x.cols()];
        int n = x.cols();
        ThreadPool.parallel(
                n,
                COLUMNS,
                (from, to) -> {
                    for (int t = 0; t < x.rows(); t++) {
                        int at = t * n;
                        float mean = kept[2 * t];
                        float rstd = kept[2 * t + 1];
                        for (int i = from; i < to; i++) {
                            gains[i] += dOut[at + i] * (in[at + i] - mean) * rstd;
                            biases[i] += dOut[at + i];
                        }
                    }
                });
    }
}
