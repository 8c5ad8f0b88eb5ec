package dev.cairn.tensor.kernel;

import static dev.cairn.tensor.Twins.U;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Norms;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.Twins;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The fast normalisations against the loops. Mean and variance are sums of n floats, so they are
 * off by at most about n·u of the greatest magnitude; what follows adds a few roundings.
 */
class NormsTwinTest {
    private static final double EPS = 1e-5;
    private static final int ROWS = 37;

    private final Norms fast = Kernels.vector().norms();
    private final Norms slow = Kernels.scalar(Precision.F64).norms();

    /** Inputs of one case; the mean of x is not near zero. */
    private static final class Inputs {
        final F32Tensor x;
        final F32Tensor gain;
        final F32Tensor bias;
        final F32Tensor dy;
        final F32Tensor dx;
        final F32Tensor dGain;
        final F32Tensor dBias;

        Inputs(int n) {
            Twins twins = new Twins(n);
            x = twins.uniform(ROWS, n, 2);
            for (int i = 0; i < ROWS * n; i++) {
                x.data[i] += 1.5f;
            }
            gain = twins.uniform(1, n);
            bias = twins.uniform(1, n);
            dy = twins.uniform(ROWS, n);
            dx = twins.uniform(ROWS, n);
            dGain = twins.uniform(1, n);
            dBias = twins.uniform(1, n);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void layerNormAgrees(int n) {
        Inputs in = new Inputs(n);
        F32Tensor y = Twins.unset(ROWS, n);
        F32Tensor stats = Twins.unset(ROWS, 2);
        fast.layerNorm(in.x, in.gain, in.bias, EPS, y, stats);
        F64Tensor exact = F64Tensor.zeros(ROWS, n);
        F64Tensor exactStats = F64Tensor.zeros(ROWS, 2);
        slow.layerNorm(in.x, in.gain, in.bias, EPS, exact, exactStats);
        checkForward(n, in, y, stats, exact, exactStats);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void rmsNormAgrees(int n) {
        Inputs in = new Inputs(n);
        F32Tensor y = Twins.unset(ROWS, n);
        F32Tensor stats = Twins.unset(ROWS, 2);
        fast.rmsNorm(in.x, in.gain, EPS, y, stats);
        F64Tensor exact = F64Tensor.zeros(ROWS, n);
        F64Tensor exactStats = F64Tensor.zeros(ROWS, 2);
        slow.rmsNorm(in.x, in.gain, EPS, exact, exactStats);
        checkForward(n, in, y, stats, exact, exactStats);
    }

    /** The mean's error counts relative to |x|·rstd, which rstd inherits for few values. */
    private static void checkForward(
            int n, Inputs in, F32Tensor y, F32Tensor stats, Tensor exact, Tensor exactStats) {
        double x = Twins.greatest(in.x);
        Twins.assertClose(
                "stats",
                stats,
                exactStats,
                (r, c) -> {
                    double rstd = exactStats.get(r, 1);
                    return (2 * n + 8) * U * (c == 0 ? x : rstd * Math.max(1, x * rstd));
                });
        Twins.assertClose(
                "y",
                y,
                exact,
                (r, c) -> {
                    double scale = Math.max(1, x * exactStats.get(r, 1));
                    return (2 * n + 16) * U * (scale * scale + Math.abs(in.bias.get(0, c)));
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void layerNormBackwardAgrees(int n) {
        Inputs in = new Inputs(n);
        F32Tensor stats = F32Tensor.zeros(ROWS, 2);
        fast.layerNorm(in.x, in.gain, in.bias, EPS, Twins.unset(ROWS, n), stats);
        F64Tensor dx = Twins.wide(in.dx);
        F64Tensor dGain = Twins.wide(in.dGain);
        F64Tensor dBias = Twins.wide(in.dBias);
        slow.layerNormBackward(in.x, in.gain, stats, in.dy, dx, dGain, dBias);
        F32Tensor frozenDx = Twins.copy(in.dx);
        fast.layerNormBackward(in.x, in.gain, stats, in.dy, frozenDx, null, null);
        fast.layerNormBackward(in.x, in.gain, stats, in.dy, in.dx, in.dGain, in.dBias);
        checkBackward(n, in, stats, in.dx, dx);
        checkBackward(n, in, stats, frozenDx, dx);
        checkWeights(in, stats, in.dGain, dGain);
        checkWeights(in, stats, in.dBias, dBias);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void rmsNormBackwardAgrees(int n) {
        Inputs in = new Inputs(n);
        F32Tensor stats = F32Tensor.zeros(ROWS, 2);
        fast.rmsNorm(in.x, in.gain, EPS, Twins.unset(ROWS, n), stats);
        F64Tensor dx = Twins.wide(in.dx);
        F64Tensor dGain = Twins.wide(in.dGain);
        slow.rmsNormBackward(in.x, in.gain, stats, in.dy, dx, dGain);
        F32Tensor frozenDx = Twins.copy(in.dx);
        fast.rmsNormBackward(in.x, in.gain, stats, in.dy, frozenDx, null);
        fast.rmsNormBackward(in.x, in.gain, stats, in.dy, in.dx, in.dGain);
        checkBackward(n, in, stats, in.dx, dx);
        checkBackward(n, in, stats, frozenDx, dx);
        checkWeights(in, stats, in.dGain, dGain);
    }

    /** dx = rstd · (g − mean(g) − normal·mean(g·normal)), with |g| ≤ 1. */
    private static void checkBackward(
            int n, Inputs in, Tensor stats, F32Tensor actual, Tensor exact) {
        Twins.assertClose(
                "dx",
                actual,
                exact,
                (r, c) -> {
                    double rstd = stats.get(r, 1);
                    double normal = normal(in, stats, r);
                    return (n + 16) * U * (1 + rstd * (2 + normal * normal));
                });
    }

    /** A sum over the rows, of terms of at most |dy·normal|. */
    private static void checkWeights(Inputs in, Tensor stats, F32Tensor actual, Tensor exact) {
        double sum = 1;
        for (int r = 0; r < ROWS; r++) {
            sum += Math.max(1, normal(in, stats, r));
        }
        double bound = (ROWS + 8) * U * sum;
        Twins.assertClose("weights", actual, exact, (r, c) -> bound);
    }

    private static double normal(Inputs in, Tensor stats, int row) {
        double greatest = 0;
        for (int i = 0; i < in.x.cols(); i++) {
            double centred = in.x.get(row, i) - stats.get(row, 0);
            greatest = Math.max(greatest, Math.abs(centred * stats.get(row, 1)));
        }
        return greatest;
    }
}
