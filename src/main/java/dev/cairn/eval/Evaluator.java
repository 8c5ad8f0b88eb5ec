package dev.cairn.eval;

import dev.cairn.CairnException;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks a system every question of a set, several at a time. */
public final class Evaluator {
    private static final double NANOS_PER_MILLI = 1e6;

    private final int threads;

    private Evaluator(int threads) {
        this.threads = threads;
    }

    /**
     * An evaluator that keeps this many questions in flight.
     *
     * @throws CairnException when there is not at least one thread
     */
    public static Evaluator withThreads(int threads) {
        if (threads < 1) {
            throw new CairnException("threads: expected 1 or more, found " + threads);
        }
        return new Evaluator(threads);
    }

    /**
     * Asks every question. A {@link CairnException} on one question is recorded as that question's
     * failure, counts as a wrong answer and does not disturb the others; anything else the system
     * throws is a defect and ends the evaluation.
     *
     * @param answerer the system; called from several threads at once
     * @param progress told after every question, never by two threads at once
     * @return the results in the order of the questions, whatever order they came in
     * @throws CairnException when the calling thread is interrupted; questions in flight are
     *     interrupted too, the rest is not asked, and the thread's interrupt flag stays set
     */
    public SetResult evaluate(Answerer answerer, ItemSet set, Progress progress) {
        Tally tally = new Tally(set.items().size(), progress);
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("eval-", 0).factory())) {
            List<Future<ItemResult>> results =
                    set.items().stream()
                            .map(item -> workers.submit(() -> tally.count(ask(answerer, item))))
                            .toList();
            try {
                return new SetResult(set.name(), await(results, set));
            } finally {
                workers.shutdownNow();
            }
        }
    }

    private static ItemResult ask(Answerer answerer, Item item) {
        long start = System.nanoTime();
        try {
            Answer answer = answerer.answer(item.input());
            boolean correct = ExactMatch.matches(item.answer(), answer.text());
            return new ItemResult(
                    item, answer.text(), correct, null, answer.stages(), millisSince(start));
        } catch (CairnException e) {
            String message = String.valueOf(e.getMessage());
            return new ItemResult(item, "", false, message, List.of(), millisSince(start));
        }
    }

    private static List<ItemResult> await(List<Future<ItemResult>> futures, ItemSet set) {
        List<ItemResult> results = new ArrayList<>(futures.size());
        try {
            for (Future<ItemResult> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(
                    "evaluation of '%s' was interrupted; %d of %d questions had been answered"
                            .formatted(set.name(), results.size(), futures.size()),
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "question set '%s'".formatted(set.name()), e.getCause());
        }
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    /** Hears how far an evaluation has come. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after every question.
         *
         * @param done questions asked so far, the failed ones included
         * @param total questions of the set
         * @param correct right answers so far
         */
        void update(int done, int total, int correct);
    }

    /** Counts from all threads, so that every number is reported once and in order. */
    private static final class Tally {
        private final int total;
        private final Progress progress;
        private int done;
        private int correct;

        Tally(int total, Progress progress) {
            this.total = total;
            this.progress = progress;
        }

        synchronized ItemResult count(ItemResult result) {
            done++;
            correct += result.correct() ? 1 : 0;
            progress.update(done, total, correct);
            return result;
        }
    }
}
