package dev.cairn.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.task.Candidate;
import dev.cairn.eval.task.ChoiceItem;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.eval.task.WritingItem;
import dev.cairn.text.Answer;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.LoglikelihoodScorer;
import dev.cairn.text.Score;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How items are put to a system, and what becomes of those it cannot answer. */
class RunnerTest {
    private static final JsonNode DOC = JsonMapper.shared().createObjectNode().put("q", "?");

    /** Finds a continuation as probable as it is short, and notes what it was asked. */
    private static final class ByLength implements LoglikelihoodScorer {
        final List<String> asked = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Score score(String context, String continuation) {
            throw new AssertionError("several are scored at once");
        }

        @Override
        public Loglikelihood loglikelihood(String context, List<String> continuations) {
            asked.add(context + continuations);
            if (context.contains("fails")) {
                throw new CairnException("no room");
            }
            double max = context.contains("overflows") ? Double.NaN : 0;
            return new Loglikelihood(
                    continuations.stream()
                            .map(c -> new Score(List.of(1), List.of(max - c.length()), false, 2))
                            .toList(),
                    List.of(),
                    10);
        }
    }

    private final ByLength scorer = new ByLength();
    private final List<String> progress = new ArrayList<>();

    private TaskOutcome run(TaskRun taskRun) {
        ModelUnderTest model =
                new ModelUnderTest(
                        scorer,
                        (max, until) ->
                                (input, onText) -> new Answer("six. Question: seven", List.of()));
        return Runner.of(model, 1)
                .run(
                        taskRun,
                        SampleLog.NONE,
                        (done, total, failed) -> progress.add(done + "/" + total + "/" + failed));
    }

    private static TaskRun taskRun(List<TaskItem> items) {
        return new TaskRun(
                "t",
                0,
                items,
                items.size(),
                (item, scores) -> new TreeMap<>(Map.of("acc", 1.0)),
                DOC,
                Optional.empty());
    }

    private static TaskItem choice(int id, String context) {
        return new ChoiceItem(
                "i" + id,
                id,
                "t",
                DOC,
                List.of(new Candidate(context, " a", "a"), new Candidate(context, " bcd", "bcd")),
                Set.of(0));
    }

    @Test
    void candidatesThatShareAContextAreScoredAtOnce() {
        TaskItem varied =
                new ChoiceItem(
                        "w",
                        0,
                        "t",
                        DOC,
                        List.of(
                                new Candidate("Ann", " left", "Ann"),
                                new Candidate("Bob", " went", "Bob"),
                                new Candidate("Ann", " stayed", "Ann")),
                        Set.of(1));
        TaskOutcome run = run(taskRun(List.of(varied)));
        assertThat(scorer.asked).containsExactly("Ann[ left,  stayed]", "Bob[ went]");
        Sample sample = run.samples().getFirst();
        assertThat(((ModelOutput.Likelihoods) sample.output()).choices())
                .extracting(ModelOutput.Likelihood::logprob)
                .containsExactly(-5.0, -5.0, -7.0);
        // Twice 10 tokens of context, of which 2 had no room.
        assertThat(sample.effort().promptTokens()).isEqualTo(16);
        assertThat(sample.effort().truncatedTokens()).isEqualTo(4);
    }

    @Test
    void oneFailureDoesNotDisturbTheOthers() {
        TaskOutcome run =
                run(
                        taskRun(
                                List.of(
                                        choice(0, "x"),
                                        choice(1, "it fails"),
                                        choice(2, "overflows"))));
        assertThat(run.samples()).extracting(Sample::id).containsExactly("i0");
        assertThat(run.failures()).extracting(ItemFailure::id).containsExactly("i1", "i2");
        assertThat(run.failures().getFirst().error()).isEqualTo("no room");
        assertThat(run.failures().getLast().error())
                .contains("the log-likelihood of the choice 'a' is not a number");
        assertThat(progress).containsExactly("1/3/0", "2/3/1", "3/3/2");
        assertThat(TaskResult.of(run).metrics())
                .hasEntrySatisfying("acc", acc -> assertThat(acc.items()).isEqualTo(1));
    }

    @Test
    void tenFailuresInARowEndTheRun() {
        List<TaskItem> items = IntStream.range(0, 40).mapToObj(i -> choice(i, "fails")).toList();
        assertThatThrownBy(() -> run(taskRun(items)))
                .isInstanceOf(CairnException.class)
                .hasMessage("task t: 10 items in a row failed; the last was i9: no room");
        assertThat(scorer.asked).hasSize(10);
    }

    @Test
    void aSampleThatCannotBeKeptEndsTheRun() {
        SampleLog full =
                new SampleLog() {
                    @Override
                    public Optional<Sample> find(TaskItem item) {
                        return Optional.empty();
                    }

                    @Override
                    public void add(Sample sample) {
                        throw new CairnException("the disk is full");
                    }

                    @Override
                    public void close() {
                        // nothing is open
                    }
                };
        ModelUnderTest model =
                new ModelUnderTest(
                        scorer,
                        (max, until) -> {
                            throw new AssertionError();
                        });
        assertThatThrownBy(() ->
                        Runner.of(model, 2)
                                .run(
                                        taskRun(List.of(choice(0, "x"), choice(1, "y"))),
                                        full,
                                        (done, total, failed) -> {}))
                .hasMessage("the disk is full");
    }

    @Test
    void aTextEndsWhereTheTaskSaysEvenIfTheSystemDoesNotKnowIt() {
        TaskItem item =
                new WritingItem(
                        "w", 0, "t", DOC, "p", List.of("Question:", "zzz"), 4, List.of("six"));
        Sample sample = run(taskRun(List.of(item))).samples().getFirst();
        assertThat(sample.output()).isEqualTo(new ModelOutput.Text("six. "));
    }

    @Test
    void anExamNeedsItemsThatCanBeToldApart() {
        assertThatThrownBy(() -> taskRun(List.of()))
                .hasMessageContaining("expected at least one item");
        assertThatThrownBy(() -> taskRun(List.of(choice(1, "a"), choice(1, "b"))))
                .hasMessage("task t: two items have the id 'i1'; give each its own");
    }
}
