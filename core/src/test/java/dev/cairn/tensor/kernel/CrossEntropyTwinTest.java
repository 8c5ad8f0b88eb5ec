package dev.cairn.tensor.kernel;

import static dev.cairn.tensor.Twins.U;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Twins;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The fast loss against the formula. The sum of n exponentials is off by n·u at most, and the
 * exponential of a difference D by D·u, which its own size makes small.
 */
class CrossEntropyTwinTest {
    private static final int ROWS = 13;

    @ParameterizedTest
    @CsvSource({
        "1, 3",
        "3, 3",
        "7, 3",
        "8, 10",
        "15, 3",
        "16, 100",
        "17, 1e4",
        "31, 3",
        "33, 1e4",
        "64, 0",
        "100, 30",
        "257, 1e4",
        "2049, 5"
    })
    void lossAndGradientAgree(int n, double magnitude) {
        Twins twins = new Twins(n);
        F32Tensor logits = twins.uniform(ROWS, n, magnitude);
        logits.data[0] = (float) magnitude;
        logits.data[n - 1] = (float) -magnitude;
        int[] targets = twins.below(n, ROWS);
        targets[0] = n - 1;
        double scale = 0.25;
        F64Tensor exact = Twins.wide(logits);
        F32Tensor actual = Twins.copy(logits);
        double exactLoss =
                Kernels.scalar(Precision.F64).crossEntropy().lossAndGradient(exact, targets, scale);
        double loss = Kernels.vector().crossEntropy().lossAndGradient(actual, targets, scale);
        assertThat(loss).isCloseTo(exactLoss, within(ROWS * (n + 32) * U));
        Twins.assertClose(
                "gradient",
                actual,
                exact,
                (r, c) -> {
                    boolean hit = c == targets[r];
                    double p = exact.get(r, c) / scale + (hit ? 1 : 0);
                    // exp is never less than 1.2e-38, the least normal float
                    return scale * ((n + 64) * U * p + (hit ? 2 * U : 0) + 2e-38);
                });
    }
}
