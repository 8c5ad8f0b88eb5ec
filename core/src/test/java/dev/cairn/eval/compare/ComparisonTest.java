package dev.cairn.eval.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.eval.report.CompareJson;
import dev.cairn.eval.report.CompareText;
import dev.cairn.eval.report.HtmlReport;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ComparisonTest {
    private static final Costs UNKNOWN =
            new Costs(null, null, null, null, null, null, null, null, null);

    private static ComparedSystem.Run run(String source, int items, IntToDoubleFunction score) {
        SortedMap<String, Double> scores = new TreeMap<>();
        for (int i = 0; i < items; i++) {
            scores.put("item-%04d".formatted(i), score.applyAsDouble(i));
        }
        return new ComparedSystem.Run(source, UNKNOWN, new TreeMap<>(Map.of("t acc", scores)));
    }

    private static ComparedSystem one(String name, IntToDoubleFunction score) {
        return new ComparedSystem(name, List.of(run(name, 100, score)));
    }

    @Test
    void singleRunsAreComparedWithWilsonAndMcNemar() {
        // 60 and 50 right of 100; 20 only the first, 10 only the second.
        ComparedSystem first = one("a", i -> i < 60 ? 1 : 0);
        ComparedSystem second = one("b", i -> i >= 20 && i < 70 ? 1 : 0);
        Comparison comparison = Comparison.of(List.of(first, second));
        Estimate score = comparison.marks().getFirst().score();
        assertThat(score.mean()).isEqualTo(0.6);
        // Wilson's interval for 60 of 100, as R's binom.wilson gives it.
        assertThat(score.low()).isCloseTo(0.5020, within(1e-4));
        assertThat(score.high()).isCloseTo(0.6906, within(1e-4));
        PairedResult result = comparison.pairedResults().getFirst();
        assertThat(result.onlyFirst()).isEqualTo(20);
        assertThat(result.onlySecond()).isEqualTo(10);
        // The binomial test of 10 in 30.
        assertThat(result.pValue()).isCloseTo(0.0987, within(1e-4));
        assertThat(result.difference().mean()).isCloseTo(0.1, within(1e-12));
        // The standard error of the differences is 0.0539; the bootstrap is within a tenth of it.
        assertThat(result.difference().low()).isCloseTo(0.1 - 1.96 * 0.0539, within(0.012));
        assertThat(result.difference().high()).isCloseTo(0.1 + 1.96 * 0.0539, within(0.012));
        assertThat(result.difference().verdict()).isEqualTo("no clear difference");
    }

    @Test
    void severalSeedsAreAveragedItemByItem() {
        ComparedSystem first =
                new ComparedSystem(
                        "a",
                        List.of(run("a1", 100, i -> i % 2), run("a2", 100, i -> i < 80 ? 1 : 0)));
        ComparedSystem second = new ComparedSystem("b", List.of(run("b1", 100, i -> 0)));
        Comparison comparison = Comparison.of(List.of(first, second));
        Comparison.Mark mark = comparison.marks().getFirst();
        assertThat(mark.runs()).containsExactly(0.5, 0.8);
        assertThat(mark.score().mean()).isCloseTo(0.65, within(1e-12));
        PairedResult result = comparison.pairedResults().getFirst();
        assertThat(result.pValue()).isNull();
        assertThat(result.onlyFirst()).isNull();
        assertThat(result.difference().verdict()).isEqualTo("better");
    }

    @Test
    void otherItemsAreRefusedByName() {
        assertThatThrownBy(() ->
                        Comparison.of(
                                List.of(
                                        one("a", i -> 1),
                                        new ComparedSystem("b", List.of(run("b", 99, i -> 1))))))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("a and b were not scored on the same items")
                .hasMessageContaining("'item-0099' is in a only");
        assertThatThrownBy(() -> Comparison.of(List.of(one("a", i -> 1), one("a", i -> 1))))
                .hasMessageContaining("both named 'a'");
        assertThatThrownBy(() -> Comparison.of(List.of(one("a", i -> 1))))
                .hasMessageContaining("at least two");
    }

    @Test
    void whatIsNotKnownIsADashAndWhatIsKnownIsAveraged() {
        Costs one = new Costs(1e6, 1e5, null, 10.0, 2e8, 5.0, 100.0, 10.0, 0.02);
        Costs two = new Costs(1e6, 1e5, 5e6, 20.0, 4e8, 7.0, 110.0, 12.0, 0.04);
        SortedMap<String, SortedMap<String, Double>> scores = run("x", 10, i -> i % 2).scores();
        ComparedSystem known =
                new ComparedSystem(
                        "known",
                        List.of(
                                new ComparedSystem.Run("1", one, scores),
                                new ComparedSystem.Run("2", two, scores)));
        ComparedSystem other =
                new ComparedSystem("other", List.of(new ComparedSystem.Run("o", UNKNOWN, scores)));
        String text = CompareText.of(Comparison.of(List.of(known, other)));
        assertThat(text)
                .contains("training, s")
                .containsPattern("training tokens +– +–")
                .containsPattern("peak memory, MB +300 +–")
                .containsPattern("latency, ms +6.0 +–")
                // 30 ms of processor time at 10 W.
                .containsPattern("energy, J \\(estimated\\) +0.30 +–");
    }

    @Test
    void thePageAndTheJsonSayTheSame() {
        Comparison comparison =
                Comparison.of(List.of(one("<a>", i -> i < 60 ? 1 : 0), one("b", i -> i % 2)));
        String page = HtmlReport.ofComparison("title", "lead", comparison, List.of()).toHtml();
        assertThat(page).contains("&lt;a&gt;", "60.0%", "50.0%", "+10.0").doesNotContain("<a>");
        JsonNode json = new JsonMapper().readTree(CompareJson.of(comparison));
        assertThat(json.path("marks").get(0).path("score").path("mean").asDouble()).isEqualTo(0.6);
        assertThat(json.path("duels").get(0).path("difference").path("mean").asDouble())
                .isCloseTo(0.1, within(1e-12));
    }
}
