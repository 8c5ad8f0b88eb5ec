package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSumExpTest {
    /** A few units in the last place of each exponential, and of a sum of that many. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 15, 16, 17, 1000, 50304})
    void isTheLogarithmOfTheSumInDouble(int n) {
        for (double magnitude : new double[] {0.01, 1, 20, 800}) {
            float[] logits = new Twins(n).uniform(1, n, magnitude).toFloats();
            int best = LogSumExp.argMax(logits);
            double sum = 0;
            for (float logit : logits) {
                assertThat(logit).isLessThanOrEqualTo(logits[best]);
                sum += StrictMath.exp((double) logit - logits[best]);
            }
            assertThat(LogSumExp.aboveMax(logits, logits[best]))
                    .as("%d logits up to %f", n, magnitude)
                    .isCloseTo(StrictMath.log(sum), within(1e-13));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 15, 16, 17, 40})
    void theGreatestIsTheFirstOfSeveralAndNoneIsWithoutNumbers(int n) {
        float[] values = new float[n + 5];
        values[n] = 3;
        values[n + 3] = 3;
        assertThat(LogSumExp.argMax(values)).isEqualTo(n);
        for (float broken :
                new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            values[n + 4] = broken;
            assertThat(LogSumExp.argMax(values)).as("%s", broken).isEqualTo(-1);
        }
    }
}
