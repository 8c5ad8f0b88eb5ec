package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenExampleTest {
    @Test
    void countsTheTokensFromTheFirstTargetOn() {
        assertThat(new TokenExample(new int[] {7, 8, 9}, 1).targets()).isEqualTo(2);
        assertThat(new TokenExample(new int[] {7, 8, 9}, 2).targets()).isEqualTo(1);
    }

    @ParameterizedTest(name = "first target {1} of {0}")
    @CsvSource({"3, 3", "3, 4", "3, 0", "3, -1", "1, 1", "0, 1", "0, 0"})
    void anExampleWithNothingToPredictIsRefused(int length, int firstTarget) {
        assertThatThrownBy(() -> new TokenExample(new int[length], firstTarget))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "nothing to predict: first target %d of %d".formatted(firstTarget, length));
    }
}
