package dev.cairn.eval.question;

import dev.cairn.CairnException;
import dev.cairn.eval.ExactMatch;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.SetResult;
import dev.cairn.support.ParallelTasks;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import java.util.List;
import java.util.function.Supplier;

/** Asks a system every question of a set, several at a time. */
public final class Evaluator {
    private static final double NANOS_PER_MILLI = 1e6;

    private final ParallelTasks tasks;

    private Evaluator(ParallelTasks tasks) {
        this.tasks = tasks;
    }

    /**
     * An evaluator that keeps this many questions in flight.
     *
     * @throws CairnException if {@code threads} is less than 1
     */
    public static Evaluator withThreads(int threads) {
        return new Evaluator(ParallelTasks.on(threads, "eval"));
    }

    /**
     * Asks every question. A {@link CairnException} on one question is recorded as that question's
     * failure, counts as a wrong answer and does not affect the others; any other exception is a
     * bug and ends the evaluation.
     *
     * @param answerer the system; called from several threads at once
     * @param progress called after every question, never by two threads at once
     * @return the results in the order of the questions
     * @throws CairnException if the calling thread is interrupted; questions in flight are
     *     interrupted too, the rest are not asked, and the thread's interrupt flag stays set
     */
    public SetResult evaluate(Answerer answerer, ItemSet set, Progress progress) {
        ProgressCounter counter = new ProgressCounter(set.name(), set.items().size(), progress);
        List<ItemResult> results =
                tasks.map(
                        set.items(),
                        item -> counter.count(ask(item, () -> answerer.answer(item.input()))),
                        counter::interrupted);
        return new SetResult(set.name(), results);
    }

    /** Asks one question; a {@link CairnException} is its failure. */
    public static ItemResult ask(Item item, Supplier<Answer> asking) {
        long start = System.nanoTime();
        try {
            Answer answer = asking.get();
            boolean correct = ExactMatch.matches(item.answer(), answer.text());
            return new ItemResult(
                    item, answer.text(), correct, null, answer.stages(), millisSince(start));
        } catch (CairnException e) {
            String message = String.valueOf(e.getMessage());
            return new ItemResult(item, "", false, message, List.of(), millisSince(start));
        }
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    /** Receives the progress of an evaluation. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after every question.
         *
         * @param done number of questions asked so far, including failed ones
         * @param total number of questions of the set
         * @param correct number of correct answers so far
         */
        void update(int done, int total, int correct);
    }
}
