package dev.cairn.eval.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import dev.cairn.eval.Accuracy;
import dev.cairn.eval.Fakes;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.question.Evaluator;
import dev.cairn.eval.report.EvalReport;
import dev.cairn.eval.report.HtmlReport;
import dev.cairn.eval.report.WhyNotes;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class WhyTest {
    private static final Evaluator.Progress SILENT = (done, total, correct) -> {};

    /**
     * Six questions, one story each. 0: the plan is bad, the rest would be right. 1: the plan is
     * bad, but the draft is bad whatever the plan. 2: only the draft is bad. 3: only the answer is.
     * 4: all is right. 5: a bad plan, of which only a second error makes a right draft.
     */
    private static FakeStages sixStories() {
        return new FakeStages()
                .then("plan", t -> List.of(0, 1, 5).contains(number(t)) ? "bad" : gold("plan", t))
                .then(
                        "draft",
                        t -> {
                            boolean read = gold("plan", t).equals(t.get("plan"));
                            boolean right =
                                    switch (number(t)) {
                                        case 1, 2 -> false;
                                        case 5 -> !read;
                                        default -> read;
                                    };
                            return right ? gold("draft", t) : "bad";
                        })
                .then(
                        "answer",
                        t ->
                                gold("draft", t).equals(t.get("draft")) && number(t) != 3
                                        ? gold("answer", t)
                                        : "no");
    }

    private static int number(Map<String, String> texts) {
        return Integer.parseInt(Objects.requireNonNull(texts.get("input")).substring(6));
    }

    private static String gold(String stage, Map<String, String> texts) {
        return stage + " " + number(texts);
    }

    @Test
    void everyWrongAnswerComesFromTheStageThatFailsAfterGoldTexts() {
        Why why = sixStories().why(6);
        assertThat(why.faults())
                .extracting(fault -> fault.item().id(), Fault::stage, Fault::wrote, Fault::before)
                .containsExactly(
                        tuple("q0", "plan", "bad", "no"),
                        tuple("q1", "draft", "bad", "no"),
                        tuple("q2", "draft", "bad", "no"),
                        tuple("q3", "answer", "no", "no"));
        assertThat(why.faults())
                .extracting(Fault::after)
                .containsExactly("answer 0", "answer 1", "answer 2", null);
        assertThat(why.stages())
                .extracting(StageWhy::faults)
                .containsExactly(Accuracy.of(1, 4), Accuracy.of(2, 4), Accuracy.of(1, 4));
        assertThat(WhyNotes.of(why)).contains("draft causes 50.0% of the 4 wrong answers");
    }

    @Test
    void oneGoldTextAloneRepairsAndSpoils() {
        Why why = sixStories().why(6);
        PairedComparison plan = influence(why, 0).gold();
        // 0 is repaired; of 5 the error that made up for the other is gone.
        assertThat(List.of(plan.onlyFirst(), plan.onlySecond())).containsExactly(1, 1);
        PairedComparison draft = influence(why, 1).gold();
        assertThat(List.of(draft.onlyFirst(), draft.onlySecond())).containsExactly(3, 0);
        assertThat(draft.difference()).isEqualTo(0.5);
        assertThat(why.stages().getLast().influence()).isNull();
    }

    @Test
    void driftIsWhatErrorsBeforeAStageCostIt() {
        List<Drift> drift = sixStories().why(6).stages().stream().map(StageWhy::drift).toList();
        assertThat(drift)
                .extracting(d -> d.onOwn().correct(), d -> d.onGold().correct())
                .containsExactly(tuple(3, 3), tuple(3, 3), tuple(2, 5));
        // The draft gains 0 and loses 5.
        assertThat(drift.get(1).cost().onlyFirst()).isEqualTo(1);
        assertThat(drift.get(1).cost().onlySecond()).isEqualTo(1);
        assertThat(drift.get(2).cost().difference()).isEqualTo(0.5);
    }

    @Test
    void aStageNobodyReadsIsDecorationAndOneThatIsCopiedIsFollowed() {
        Why why =
                new FakeStages()
                        .then("note", t -> gold("note", t))
                        .then("key", t -> gold("key", t))
                        .then("answer", t -> Objects.requireNonNull(t.get("key")))
                        .why(60);
        assertThat(influence(why, 0).other().changed()).isEqualTo(Accuracy.of(0, 60));
        assertThat(influence(why, 0).altered().changed()).isEqualTo(Accuracy.of(0, 60));
        assertThat(influence(why, 0).reliance()).isEqualTo(Reliance.DECORATION);
        assertThat(influence(why, 1).other().changed()).isEqualTo(Accuracy.of(60, 60));
        assertThat(influence(why, 1).altered().changed()).isEqualTo(Accuracy.of(60, 60));
        assertThat(influence(why, 1).reliance()).isEqualTo(Reliance.FOLLOWED);
        assertThat(WhyNotes.of(why))
                .contains(
                        "note is decoration: with another question's text in its place 0 of 60 answers changed");
    }

    @Test
    void threeQuestionsAreTooFewToCallAStageDecoration() {
        Why why =
                new FakeStages()
                        .then("note", t -> gold("note", t))
                        .then("answer", t -> gold("answer", t))
                        .why(3);
        assertThat(influence(why, 0).reliance()).isEqualTo(Reliance.UNCLEAR);
        assertThat(why.faults()).isEmpty();
        assertThat(why.stages().getFirst().faults().total()).isZero();
    }

    @Test
    void aFalseTextLowersExactMatch() {
        Why why =
                new FakeStages()
                        .then("key", t -> gold("key", t))
                        .then(
                                "answer",
                                t -> Objects.requireNonNull(t.get("key")).replace("key", "answer"))
                        .why(10);
        Change other = influence(why, 0).other();
        assertThat(other.before()).isEqualTo(Accuracy.of(10, 10));
        assertThat(other.after()).isEqualTo(Accuracy.of(0, 10));
        assertThat(other.leftOut()).isZero();
    }

    @Test
    void whereAStageAlwaysWritesTheSameThereIsNothingToSwap() {
        Why why =
                new FakeStages()
                        .then("note", t -> "the same")
                        .then("answer", t -> gold("answer", t))
                        .why(4);
        assertThat(influence(why, 0).other().leftOut()).isEqualTo(4);
        assertThat(influence(why, 0).other().changed().total()).isZero();
        assertThat(WhyNotes.of(why))
                .containsExactly(
                        "note: for 4 questions there was no other text to put in its place");
    }

    @Test
    void aFailedQuestionIsWrongAndTheStageWhoseGoldTextSavesItIsToBlame() {
        Why why =
                new FakeStages()
                        .then("note", t -> number(t) == 1 ? "" : gold("note", t))
                        .then("key", t -> gold("key", t))
                        .then(
                                "answer",
                                t -> {
                                    if (Objects.requireNonNull(t.get("note")).isEmpty()) {
                                        throw new CairnException("nothing to read");
                                    }
                                    return gold("answer", t);
                                })
                        .why(4);
        assertThat(why.failed()).isEqualTo(1);
        Fault fault = why.faults().getFirst();
        assertThat(fault.stage()).isEqualTo("note");
        assertThat(fault.own()).isEqualTo("failed: nothing to read");
        assertThat(fault.after()).isEqualTo("answer 1");
        assertThat(why.stages().get(1).drift().onOwn()).isEqualTo(Accuracy.of(3, 4));
        assertThat(why.stages().get(1).drift().onGold()).isEqualTo(Accuracy.of(4, 4));
        // Its own text is not known, so none can stand for it, nor it for others.
        assertThat(influence(why, 0).other().leftOut()).isEqualTo(1);
        assertThat(WhyNotes.of(why))
                .contains("1 of 4 questions failed; they count as wrong at every stage");
    }

    @Test
    void whatIsKnownIsNotAskedAgain() {
        FakeStages perfect =
                new FakeStages()
                        .then("note", t -> gold("note", t))
                        .then("key", t -> gold("key", t))
                        .then("answer", t -> gold("answer", t));
        perfect.why(5);
        // The gold texts are what it wrote. Left is a false text at each of two stages: with one
        // word changed it is the other question's.
        assertThat(perfect.asked.get()).isEqualTo(5 * 2);
    }

    @Test
    void theSameSeedGivesTheSameNumbers() {
        assertThat(sixStories().why(6)).isEqualTo(sixStories().why(6));
    }

    @Test
    void missingTextsAndASingleStageAreRefused() {
        SetResult plain = Fakes.results("set", "10");
        FakeStages other = new FakeStages().then("note", t -> "").then("answer", t -> "");
        assertThatThrownBy(() -> ask(other, plain))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "fake: question q0: expected the texts of the stages [note, answer], found those of [facts, answer]");
        FakeStages two = new FakeStages().then("facts", t -> "").then("answer", t -> "");
        assertThatThrownBy(() -> ask(two, plain))
                .isInstanceOf(CairnException.class)
                .hasMessage("question q0 has no gold text for stage facts");
        FakeStages one = new FakeStages().then("answer", t -> "");
        assertThatThrownBy(() -> ask(one, plain))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected two or more stages");
    }

    private static Why ask(FakeStages stages, SetResult plain) {
        return WhyEvaluator.withThreads(1)
                .evaluate(stages, "fake", plain, new GoldTexts(Map.of()), SILENT);
    }

    @Test
    void everyFormOfTheReportTellsIt() throws Exception {
        EvalReport report =
                EvalReport.of(List.of(Fakes.run("fake", Fakes.results("set", "111100"))), "fake")
                        .withWhys(List.of(sixStories().why(6)));
        assertThat(report.toText())
                .contains("why: fake on set (n = 6, wrong 4)\n")
                .containsPattern("  draft +50\\.0% +\\[15\\.0, 85\\.0] +\\+50\\.0 .* 3 +0 +0\\.250")
                .contains("! draft causes 50.0% of the 4 wrong answers\n");

        JsonNode why = JsonMapper.shared().readTree(report.toJson()).path("why").get(0);
        JsonNode draft = why.path("stages").get(1);
        assertThat(draft.path("causes").path("share").doubleValue()).isEqualTo(0.5);
        assertThat(draft.path("gold_here_alone").path("only_first").intValue()).isEqualTo(3);
        assertThat(why.path("faults").get(3).path("after").isNull()).isTrue();

        String html = HtmlReport.ofEvaluation("t", "l", report, List.of(), List.of()).toHtml();
        assertThat(html)
                .contains("Why fake is right or wrong: set", "Gold text of draft", "<dd>bad</dd>");
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
    }

    private static Influence influence(Why why, int stage) {
        return Objects.requireNonNull(why.stages().get(stage).influence());
    }
}
