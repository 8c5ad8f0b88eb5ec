package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LogProbsTest {
    /** Double rounding of a handful of operations on numbers near one. */
    private static final double ROUNDING = 1e-14;

    @Test
    void isTheLogarithmOfTheSoftmax() {
        float[] logits = {0, 1, 2};
        double sum = 1 + Math.E + Math.E * Math.E;

        for (int token = 0; token < 3; token++) {
            assertThat(LogProbs.of(logits, token))
                    .isEqualTo(Math.log(Math.exp(token) / sum), within(ROUNDING));
        }
    }

    @Test
    void isStableForLargeLogits() {
        assertThat(LogProbs.of(new float[] {1e30f, 1e30f}, 1))
                .isEqualTo(-Math.log(2), within(ROUNDING));
        assertThat(LogProbs.of(new float[] {-1e30f, 0}, 0)).isEqualTo(-1e30f);
        assertThat(LogProbs.of(new float[] {-3e38f, -3e38f, -3e38f, -3e38f}, 2))
                .isEqualTo(-Math.log(4), within(ROUNDING));
    }

    @Test
    void seesProbabilitiesFarBelowFloatPrecision() {
        // The other tokens add 1e-13 to a sum of 1: lost in float, kept in double.
        float[] logits = {30, 0};

        assertThat(LogProbs.of(logits, 0)).isEqualTo(-Math.log1p(Math.exp(-30)), within(1e-16));
        assertThat(LogProbs.of(logits, 0)).isLessThan(0);
    }

    @Test
    void theMostProbableComeFirstAndOfEqualOnesTheLowest() {
        float[] logits = {1, 3, 2, 3, -1, 2, 7, 0};

        List<TokenLogprob> top = LogProbs.top(logits, 5);

        assertThat(top.stream().map(TokenLogprob::token)).containsExactly(6, 1, 3, 2, 5);
        for (TokenLogprob token : top) {
            assertThat(token.logprob()).isEqualTo(LogProbs.of(logits, token.token()));
        }
        assertThat(LogProbs.top(logits, 0)).isEmpty();
        assertThat(LogProbs.top(logits, 100)).hasSize(8);
    }
}
