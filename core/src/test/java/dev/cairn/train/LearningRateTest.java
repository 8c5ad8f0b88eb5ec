package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.config.LearningRateSchedule.Decay;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateTest {
    /** A few operations in double on numbers near 1. */
    private static final Offset<Double> ROUNDING = within(1e-15);

    private static double[] rates(Decay decay, double warmupRatio, int steps) {
        TrainSettings settings =
                TinyRuns.settings().learningRate(1).decay(decay).warmupRatio(warmupRatio).build();
        return IntStream.range(0, steps)
                .mapToDouble(step -> settings.schedule().at(step, steps))
                .toArray();
    }

    @ParameterizedTest
    @EnumSource
    void warmUpRisesToTheFullRateInEqualParts(Decay decay) {
        double[] rates = rates(decay, 0.4, 10);

        assertThat(rates).startsWith(new double[] {0.25, 0.5, 0.75, 1, 1}, ROUNDING);
    }

    @Test
    void constantStays() {
        assertThat(rates(Decay.CONSTANT, 0, 5)).containsOnly(1);
    }

    @Test
    void linearFallsInEqualPartsAndWouldBeZeroAfterTheLastStep() {
        assertThat(rates(Decay.LINEAR, 0, 4))
                .containsExactly(new double[] {1, 0.75, 0.5, 0.25}, ROUNDING);
        assertThat(rates(Decay.LINEAR, 0.5, 8)[7]).isCloseTo(0.25, ROUNDING);
    }

    @Test
    void cosineIsHalfOfItselfInTheMiddleAndWouldBeZeroAfterTheLastStep() {
        double[] rates = rates(Decay.COSINE, 0, 6);

        assertThat(rates[0]).isEqualTo(1);
        assertThat(rates[2]).isCloseTo(0.75, ROUNDING);
        assertThat(rates[3]).isCloseTo(0.5, ROUNDING);
        assertThat(rates[4]).isCloseTo(0.25, ROUNDING);
        assertThat(rates[5]).isCloseTo((1 - Math.sqrt(0.75)) / 2, ROUNDING);
        assertThat(rates(Decay.COSINE, 0.5, 12)[9]).isCloseTo(0.5, ROUNDING);
    }

    @ParameterizedTest
    @EnumSource
    void noStepIsWithoutARate(Decay decay) {
        for (double warmup : new double[] {0, 0.05, 0.5, 1}) {
            for (int steps : new int[] {1, 2, 3, 100}) {
                for (double rate : rates(decay, warmup, steps)) {
                    assertThat(rate).isGreaterThan(0).isLessThanOrEqualTo(1);
                }
            }
        }
    }

    /** Each would divide by zero, or end the run before it began. */
    @Test
    void intervalsBelowOneAreRefused() {
        assertRefused(TinyRuns.settings().evalSteps(0), "eval_steps: expected at least 1, found 0");
        assertRefused(
                TinyRuns.settings().saveSteps(-1), "save_steps: expected at least 1, found -1");
        assertRefused(
                TinyRuns.settings().patience(-1),
                "early_stopping_patience: expected at least 0, found -1");
    }

    private static void assertRefused(TinyRuns.Settings settings, String message) {
        assertThatThrownBy(settings::build).isInstanceOf(CairnException.class).hasMessage(message);
    }
}
