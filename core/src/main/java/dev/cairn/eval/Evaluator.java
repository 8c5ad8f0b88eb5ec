package dev.cairn.eval;

import dev.cairn.CairnException;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.StageTrace;
import dev.cairn.text.StagedAnswerer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Asks a system every question of a set, several at a time. */
public final class Evaluator {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Crew crew;

    private Evaluator(Crew crew) {
        this.crew = crew;
    }

    /**
     * An evaluator that keeps this many questions in flight.
     *
     * @throws CairnException when there is not at least one thread
     */
    public static Evaluator withThreads(int threads) {
        return new Evaluator(new Crew(threads));
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
        List<ItemResult> results =
                crew.each(
                        set.name(),
                        set.items().size(),
                        i -> {
                            Item item = set.items().get(i);
                            return tally.count(ask(item, () -> answerer.answer(item.input())));
                        });
        return new SetResult(set.name(), results);
    }

    /**
     * Asks a system of stages every question of a set again, with the texts of some stages given,
     * to find out which stage its errors come from. A text that changes nothing is not tried.
     *
     * @param system what gave the results; called from several threads at once
     * @param name how reports call it
     * @param results its plain answers, with the text of every stage
     * @param gold the text every stage but the last should have written, for every question
     * @param progress told after every question, with the plain answers for right ones
     * @throws CairnException when there are fewer than two stages, a plain answer does not tell the
     *     texts of all, or as {@link #evaluate}
     */
    public Why why(
            StagedAnswerer system,
            String name,
            SetResult results,
            GoldTexts gold,
            Progress progress) {
        if (system.stages().size() < 2) {
            throw new CairnException(
                    "%s: expected two or more stages to ask which one is to blame, found %d"
                            .formatted(name, system.stages().size()));
        }
        results.items().forEach(own -> requireTexts(name, own, system.stages()));
        Swaps swaps = Swaps.of(system.stages(), results.items(), Why.SEED);
        Tally tally = new Tally(results.items().size(), progress);
        List<Findings> findings =
                crew.each(
                        results.set(),
                        results.items().size(),
                        i -> {
                            ItemResult own = results.items().get(i);
                            Map<String, String> texts = gold.of(own.item(), system.stages());
                            Findings found = Probe.of(system, own, texts, swaps.of(i));
                            tally.count(own);
                            return found;
                        });
        return Why.of(name, results.set(), system.stages(), findings);
    }

    private static void requireTexts(String name, ItemResult own, List<String> stages) {
        if (!own.failed() && !own.texts().keySet().containsAll(stages)) {
            throw new CairnException(
                    "%s: question %s: expected the texts of the stages %s, found those of %s"
                            .formatted(
                                    name,
                                    own.item().id(),
                                    stages,
                                    own.stages().stream().map(StageTrace::stage).toList()));
        }
    }

    /** Asks one question; a {@link CairnException} is its failure. */
    static ItemResult ask(Item item, Supplier<Answer> asking) {
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
