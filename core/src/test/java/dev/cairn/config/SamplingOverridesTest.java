package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams.Overrides;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

class SamplingOverridesTest {
    private static final SamplingParams OWN = new SamplingParams(0.7, 40, 0.9, 0.05, 1.1, 42);

    static final List<Arguments> ONE_EACH =
            List.of(
                    Arguments.of(
                            new Overrides(0.0, null, null, null, null, null),
                            new SamplingParams(0, 40, 0.9, 0.05, 1.1, 42)),
                    Arguments.of(
                            new Overrides(null, 0, null, null, null, null),
                            new SamplingParams(0.7, 0, 0.9, 0.05, 1.1, 42)),
                    Arguments.of(
                            new Overrides(null, null, 0.5, null, null, null),
                            new SamplingParams(0.7, 40, 0.5, 0.05, 1.1, 42)),
                    Arguments.of(
                            new Overrides(null, null, null, 0.0, null, null),
                            new SamplingParams(0.7, 40, 0.9, 0, 1.1, 42)),
                    Arguments.of(
                            new Overrides(null, null, null, null, 1.0, null),
                            new SamplingParams(0.7, 40, 0.9, 0.05, 1, 42)),
                    Arguments.of(
                            new Overrides(null, null, null, null, null, 0L),
                            new SamplingParams(0.7, 40, 0.9, 0.05, 1.1, 0)));

    @ParameterizedTest
    @FieldSource("ONE_EACH")
    void whatIsSetCountsAndTheRestStays(Overrides overrides, SamplingParams expected) {
        assertThat(overrides.over(OWN)).isEqualTo(expected);
    }

    @Test
    void noneChangesNothingAndAllChangeEverything() {
        assertThat(Overrides.NONE.over(OWN)).isEqualTo(OWN);
        assertThat(new Overrides(0.0, 0, 1.0, 0.0, 1.0, 0L).over(OWN))
                .isEqualTo(SamplingParams.GREEDY);
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> new Overrides(null, null, 0.0, null, null, null).over(OWN))
                .isInstanceOf(CairnException.class)
                .hasMessage("top_p: expected above 0 and at most 1, found 0.0");
    }
}
