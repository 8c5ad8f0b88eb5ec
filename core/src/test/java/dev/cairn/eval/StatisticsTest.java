package dev.cairn.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics against values computed independently with SciPy 1.17.1. */
class StatisticsTest {
    // scipy.stats.binomtest(k, n).proportion_ci(method='wilson'); 1e-12 is rounding.
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0.0, 0.27753279986288926",
        "7, 10, 0.39677814746114526, 0.892208732593699",
        "10, 10, 0.7224672001371109, 1.0",
        "162, 200, 0.7499876129240015, 0.8583282847220932",
        "1, 1, 0.20654931437723745, 1.0",
    })
    void wilsonInterval(int correct, int total, double low, double high) {
        Accuracy accuracy = Accuracy.of(correct, total);
        assertThat(accuracy.low()).isCloseTo(low, within(1e-12));
        assertThat(accuracy.high()).isCloseTo(high, within(1e-12));
        assertThat(accuracy.rate()).isEqualTo((double) correct / total);
    }

    @Test
    void nothingAskedMeansNothingKnown() {
        assertThat(Accuracy.of(0, 0)).isEqualTo(new Accuracy(0, 0, 0, 1));
        assertThat(Accuracy.of(0, 0).rate()).isZero();
    }

    // scipy.stats.binomtest(min(b, c), b + c, 0.5).pvalue; 1e-13 relative is rounding.
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1.0",
        "1, 1, 1.0",
        "5, 0, 0.0625",
        "10, 3, 0.09228515625",
        "31, 21, 0.21160856876151612",
        "25, 12, 0.04703102743951604",
        "121, 59, 4.4344492637551645e-06",
        "1500, 1400, 0.06598734966518463",
    })
    void exactMcNemar(int onlyFirst, int onlySecond, double expected) {
        assertThat(PairedComparison.mcNemar(onlyFirst, onlySecond))
                .isCloseTo(expected, within(1e-13 * expected));
        assertThat(PairedComparison.mcNemar(onlySecond, onlyFirst))
                .isCloseTo(expected, within(1e-13 * expected));
    }

    /**
     * The exact distribution of a resample's difference is the n-fold convolution of one draw
     * (numpy); its 2.5 % and 97.5 % quantiles are the expected values. 10,000 resamples leave each
     * quantile uncertain by less than one question, hence the tolerance.
     */
    @ParameterizedTest
    @CsvSource({"200, 31, 21, -4, 24", "100, 20, 5, 6, 24"})
    void bootstrapAgreesWithTheExactDistribution(
            int n, int onlyFirst, int onlySecond, double low, double high) {
        PairedComparison comparison = compare(n, onlyFirst, onlySecond);

        assertThat(comparison.items()).isEqualTo(n);
        assertThat(comparison.onlyFirst()).isEqualTo(onlyFirst);
        assertThat(comparison.onlySecond()).isEqualTo(onlySecond);
        assertThat(comparison.difference()).isEqualTo((double) (onlyFirst - onlySecond) / n);
        assertThat(comparison.low() * n).isCloseTo(low, within(1.01));
        assertThat(comparison.high() * n).isCloseTo(high, within(1.01));
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        assertThat(compare(60, 9, 4)).isEqualTo(compare(60, 9, 4));
    }

    @Test
    void twoSystemsThatAlwaysAgreeDoNotDiffer() {
        PairedComparison comparison = compare(30, 0, 0);
        assertThat(comparison.low()).isZero();
        assertThat(comparison.high()).isZero();
        assertThat(comparison.pValue()).isEqualTo(1);
    }

    @Test
    void refusesToPairDifferentQuestions() {
        assertThatThrownBy(() ->
                        PairedComparison.of(
                                "a",
                                Fakes.results("set", "101"),
                                "b",
                                Fakes.results("set", "10"),
                                1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("the same questions");
    }

    @Test
    void scoresPerKind() {
        // Kinds alternate: even, odd, even, odd, even.
        SetResult result = Fakes.results("set", "10110");
        assertThat(result.byKind().keySet()).containsExactly("even", "odd");
        assertThat(result.accuracy("even")).isEqualTo(Accuracy.of(2, 3));
        assertThat(result.byKind()).containsEntry("odd", Accuracy.of(1, 2));
        assertThat(result.cost()).isEqualTo(new Cost(80, 14, 85));
    }

    /** Both right on the questions that favour neither. */
    private static PairedComparison compare(int n, int onlyFirst, int onlySecond) {
        String rest = "1".repeat(n - onlyFirst - onlySecond);
        SetResult first =
                Fakes.results("set", "1".repeat(onlyFirst) + rest + "0".repeat(onlySecond));
        SetResult second =
                Fakes.results("set", "0".repeat(onlyFirst) + rest + "1".repeat(onlySecond));
        return PairedComparison.of("first", first, "second", second, 7);
    }
}
