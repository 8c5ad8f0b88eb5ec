package dev.cairn.eval.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.eval.Cost;
import dev.cairn.eval.Fakes;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.SetResult;
import dev.cairn.text.Answerer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EvaluatorTest {
    private static final Evaluator.Progress SILENT = (done, total, correct) -> {};

    @Test
    void keepsTheOrderOfTheQuestionsWhenALaterAnswerComesFirst() {
        CountDownLatch secondDone = new CountDownLatch(1);
        Answerer slowFirst =
                Fakes.answering(input -> {
                    if (input.equals("input 0")) {
                        await(secondDone);
                    } else if (input.equals("input 1")) {
                        secondDone.countDown();
                    }
                    return "said to " + input;
                });

        SetResult result =
                Evaluator.withThreads(2).evaluate(slowFirst, Fakes.numbered("set", 5), SILENT);

        assertThat(result.items())
                .extracting(ItemResult::answer)
                .containsExactly(
                        "said to input 0",
                        "said to input 1",
                        "said to input 2",
                        "said to input 3",
                        "said to input 4");
    }

    @Test
    void asksAsManyQuestionsAtOnceAsThereAreThreads() {
        CyclicBarrier both = new CyclicBarrier(2);
        Answerer needsCompany =
                Fakes.answering(input -> {
                    try {
                        both.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                        throw new CairnException("nobody else was asked", e);
                    }
                    return input;
                });

        SetResult result =
                Evaluator.withThreads(2).evaluate(needsCompany, Fakes.numbered("set", 4), SILENT);

        assertThat(result.failures()).isEmpty();
    }

    @Test
    void aFailedQuestionCountsAsWrongAndCostsNoOtherQuestion() {
        Answerer failsOnce =
                Fakes.answering(input -> {
                    if (input.endsWith("1")) {
                        throw new CairnException("too long");
                    }
                    return input.replace("input", "Answer");
                });

        SetResult result =
                Evaluator.withThreads(2).evaluate(failsOnce, Fakes.numbered("set", 4), SILENT);

        assertThat(result.accuracy().correct()).isEqualTo(3);
        assertThat(result.accuracy().total()).isEqualTo(4);
        assertThat(result.failures()).hasSize(1);
        ItemResult failed = result.failures().getFirst();
        assertThat(failed.item().id()).isEqualTo("q1");
        assertThat(failed.error()).isEqualTo("too long");
        assertThat(failed.correct()).isFalse();
        // The failed question has no trace and must not pull the means down.
        assertThat(result.cost()).isEqualTo(new Cost(40, 7, 42.5));
    }

    @Test
    void aDefectOfTheSystemIsNotTakenForAWrongAnswer() {
        Answerer broken =
                Fakes.answering(input -> {
                    throw new IllegalStateException("bug");
                });

        assertThatThrownBy(() ->
                        Evaluator.withThreads(2).evaluate(broken, Fakes.numbered("set", 3), SILENT))
                .hasRootCauseMessage("bug");
    }

    @Test
    void tellsProgressAfterEveryQuestionInOrder() {
        List<String> seen = new ArrayList<>();

        Evaluator.withThreads(2)
                .evaluate(
                        Fakes.answering(
                                input -> input.equals("input 2") ? "?" : "answer " + last(input)),
                        Fakes.numbered("set", 3),
                        (done, total, correct) -> seen.add(done + "/" + total));

        assertThat(seen).containsExactly("1/3", "2/3", "3/3");
    }

    @Test
    void anInterruptEndsTheEvaluationAndInterruptsQuestionsInFlight() {
        Thread caller = Thread.currentThread();
        CountDownLatch never = new CountDownLatch(1);
        Answerer hangs =
                Fakes.answering(input -> {
                    caller.interrupt();
                    await(never);
                    return input;
                });

        assertThatThrownBy(() ->
                        Evaluator.withThreads(2)
                                .evaluate(hangs, Fakes.numbered("stories", 50), SILENT))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("'stories' was interrupted");
        // Also clears the flag for the tests that follow on this thread.
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void refusesAnEmptySetAndNoThreads() {
        assertThatThrownBy(() -> new ItemSet("stories", List.of()))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("'stories'")
                .hasMessageContaining("at least one question");
        assertThatThrownBy(() -> Evaluator.withThreads(0)).isInstanceOf(CairnException.class);
    }

    @Test
    void limitsToTheFirstQuestions() {
        ItemSet set = Fakes.numbered("set", 3);
        assertThat(set.first(2).items()).extracting(Item::id).containsExactly("q0", "q1");
        assertThat(set.first(9)).isEqualTo(set);
        assertThatThrownBy(() -> set.first(0)).isInstanceOf(CairnException.class);
    }

    private static String last(String input) {
        return input.substring(input.length() - 1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new CairnException("interrupted", e);
        }
    }
}
