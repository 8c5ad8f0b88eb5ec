package dev.cairn.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.eval.Accuracy;
import dev.cairn.eval.Fakes;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EvalReportTest {
    private static final EvalReport REPORT =
            EvalReport.of(
                    List.of(
                            Fakes.run(
                                    "direct",
                                    Fakes.results("near", "1001000000"),
                                    Fakes.results("far", "0000")),
                            Fakes.run(
                                    "stack",
                                    Fakes.results("near", "1111110100"),
                                    Fakes.results("far", "1010"))),
                    "stack");

    @Test
    void comparesTheFocusWithEveryOtherSystemOnEverySet() {
        assertThat(REPORT.comparisons())
                .extracting(
                        PairedComparison::set, PairedComparison::first, PairedComparison::second)
                .containsExactly(tuple("near", "stack", "direct"), tuple("far", "stack", "direct"));
        assertThat(REPORT.comparisons().getFirst().onlyFirst()).isEqualTo(5);
    }

    @Test
    void theTextTableIsAligned() {
        // Wilson interval of 7 in 10 and 2 in 10: see StatisticsTest and scipy's 0.0567, 0.5098.
        assertThat(REPORT.toText())
                .startsWith(
                        """
                        near (n = 10)
                          system  exact match  95% interval  correct  tokens read  tokens written    ms  ms per right answer
                          direct        20.0%   [5.7, 51.0]        2         80.0            14.0  85.0                425.0
                          stack         70.0%  [39.7, 89.2]        7         80.0            14.0  85.0                121.4
                        """);
    }

    @Test
    void theJsonHoldsEveryNumber() {
        JsonNode json = JsonMapper.builder().build().readTree(REPORT.toJson());

        assertThat(json.at("/focus").asString()).isEqualTo("stack");
        assertThat(json.at("/systems/1/facts/Trained parameters").asString()).isEqualTo("147,456");
        JsonNode near = json.at("/systems/1/sets/0");
        assertThat(near.at("/correct").asInt()).isEqualTo(7);
        assertThat(near.at("/exact_match").asDouble()).isEqualTo(0.7);
        assertThat(near.at("/high").asDouble()).isEqualTo(Accuracy.of(7, 10).high());
        assertThat(near.at("/kinds/odd/correct").asInt()).isEqualTo(4);
        assertThat(near.at("/cost/prompt_tokens").asDouble()).isEqualTo(80);
        // Ten questions of 80 tokens each, seven right answers.
        assertThat(near.at("/cost_per_right_answer/prompt_tokens").asDouble())
                .isCloseTo(800 / 7.0, within(1e-9));
        assertThat(near.at("/items")).hasSize(10);
        assertThat(near.at("/items/6/answer").asString()).isEqualTo("no idea");
        assertThat(near.at("/items/6/error").isNull()).isTrue();
        assertThat(json.at("/comparisons/0/only_first").asInt()).isEqualTo(5);
        assertThat(json.at("/comparisons/0/p_value").asDouble()).isEqualTo(0.0625);
    }

    @Test
    void withoutARightAnswerThereIsNoCostOfOne() {
        SystemRun run = Fakes.run("stack", Fakes.results("near", "00"));
        EvalReport report = EvalReport.of(List.of(run), "stack");

        assertThat(run.sets().getFirst().costPerRightAnswer()).isNull();
        assertThat(report.toText()).containsPattern("stack +0\\.0% .* –\n");
    }

    @Test
    void failedQuestionsAreTold() {
        Item item = new Item("q9", "count", "How many?", "two");
        ItemResult failed = new ItemResult(item, "", false, "window too short", List.of(), 1);
        ItemResult cut =
                new ItemResult(
                        new Item("q10", "count", "And?", "two"),
                        "two",
                        true,
                        null,
                        List.of(Fakes.stage("answer", "p", "two", 5)),
                        1);
        SystemRun run = Fakes.run("stack", new SetResult("set", List.of(failed, cut)));

        String text = EvalReport.of(List.of(run), "stack").toText();

        assertThat(text).contains("1 of 2 questions failed").contains("q9: window too short");
        assertThat(text).contains("1 of 2 questions did not fit the context window");
    }

    @Test
    void refusesWhatCannotBeCompared() {
        SystemRun a = Fakes.run("a", Fakes.results("near", "10"));
        SystemRun b = Fakes.run("b", Fakes.results("far", "10"));
        assertThatThrownBy(() -> EvalReport.of(List.of(a, b), "a"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("[near]")
                .hasMessageContaining("[far]");
        assertThatThrownBy(() -> EvalReport.of(List.of(a, a), "a"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("both named 'a'");
        assertThatThrownBy(() -> EvalReport.of(List.of(a), "c"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected one of [a], found 'c'");
    }
}
