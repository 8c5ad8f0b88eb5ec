package dev.cairn.tensor;

import static dev.cairn.tensor.Twins.U;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMathTest {
    /**
     * The reduction (two roundings of at most 0.35), the last steps of Horner, and a power of 2.
     */
    @Test
    void expIsWithinThreeRoundings() {
        int n = 1 << 18;
        float[] x = new float[VectorMath.padded(n)];
        for (int i = 0; i < n; i++) {
            x[i] = -87.2f + i * (175.4f / n);
        }
        float[] y = x.clone();
        VectorMath.exp(y, 0, n, 0);
        double worst = 0;
        for (int i = 0; i < n; i++) {
            double exact = Math.exp(x[i]);
            worst = Math.max(worst, Math.abs(y[i] - exact) / exact);
        }
        assertThat(worst).isLessThan(3 * U);
    }

    @Test
    void expHasEnds() {
        float[] v = new float[VectorMath.padded(7)];
        v[0] = Float.NEGATIVE_INFINITY;
        v[1] = -1e30f;
        v[2] = 0;
        v[3] = -0f;
        v[4] = 1e30f;
        v[5] = Float.POSITIVE_INFINITY;
        v[6] = Float.NaN;
        VectorMath.exp(v, 0, 7, 0);
        assertThat(v[0]).isBetween(0f, 1.3e-38f);
        assertThat(v[1]).isBetween(0f, 1.3e-38f);
        assertThat(v[2]).isEqualTo(1f);
        assertThat(v[3]).isEqualTo(1f);
        assertThat(v[4]).isBetween(1e38f, Float.MAX_VALUE);
        assertThat(v[5]).isBetween(1e38f, Float.MAX_VALUE);
        assertThat(v[6]).isNaN();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void sumsAndProductsTakeEveryValueOnce(int n) {
        Twins twins = new Twins(n);
        float[] a = twins.uniform(1, n + 2).data;
        float[] b = twins.uniform(1, n + 3).data;
        float[] y = twins.uniform(1, n + 4).data;
        double sum = 0;
        double dot = 0;
        float max = Float.NEGATIVE_INFINITY;
        float[] added = y.clone();
        for (int i = 0; i < n; i++) {
            sum += a[2 + i];
            dot += (double) a[2 + i] * b[3 + i];
            max = Math.max(max, a[2 + i]);
            added[4 + i] = Math.fma(0.3f, a[2 + i], y[4 + i]);
        }
        float[] lanes = new float[VectorMath.LANES];
        // n values of at most 1
        assertThat((double) VectorMath.sum(a, 2, n, lanes)).isCloseTo(sum, within(n * n * U));
        assertThat((double) VectorMath.dot(a, 2, b, 3, n, lanes)).isCloseTo(dot, within(n * n * U));
        assertThat(VectorMath.max(a, 2, n)).isEqualTo(max);
        VectorMath.axpy(0.3f, a, 2, y, 4, n);
        assertThat(y).containsExactly(added);
    }
}
