package dev.cairn.eval.why;

import dev.cairn.CairnException;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.question.Evaluator;
import dev.cairn.eval.question.ProgressCounter;
import dev.cairn.support.ParallelTasks;
import dev.cairn.text.StageTrace;
import dev.cairn.text.StagedAnswerer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Attributes a system's errors to its stages by asking the questions of a set again. */
public final class WhyEvaluator {
    private final ParallelTasks tasks;

    private WhyEvaluator(ParallelTasks tasks) {
        this.tasks = tasks;
    }

    /**
     * An evaluator that keeps this many questions in flight.
     *
     * @throws CairnException if {@code threads} is less than 1
     */
    public static WhyEvaluator withThreads(int threads) {
        return new WhyEvaluator(ParallelTasks.on(threads, "eval"));
    }

    /**
     * Asks every question again with the texts of some stages given. A given text that equals the
     * stage's own is not run again.
     *
     * @param system the system; called from several threads at once
     * @param name the system's name in reports
     * @param results its plain answers, with the text of every stage
     * @param gold the gold text of every stage but the last, for every question
     * @param progress called after every question, counting plain answers that are correct
     * @throws CairnException if there are fewer than two stages, a plain answer lacks the text of a
     *     stage, or for the reasons of {@link Evaluator#evaluate}
     */
    public Why evaluate(
            StagedAnswerer system,
            String name,
            SetResult results,
            GoldTexts gold,
            Evaluator.Progress progress) {
        if (system.stages().size() < 2) {
            throw new CairnException(
                    "%s: expected two or more stages to attribute errors to, found %d"
                            .formatted(name, system.stages().size()));
        }
        results.items().forEach(own -> requireTexts(name, own, system.stages()));
        Swaps swaps = Swaps.of(system.stages(), results.items(), Why.SEED);
        List<ItemResult> plain = results.items();
        ProgressCounter counter = new ProgressCounter(results.set(), plain.size(), progress);
        List<Findings> findings =
                tasks.map(
                        IntStream.range(0, plain.size()).boxed().toList(),
                        i -> {
                            ItemResult own = plain.get(i);
                            Map<String, String> texts = gold.of(own.item(), system.stages());
                            Findings found = Probe.of(system, own, texts, swaps.of(i));
                            counter.count(own);
                            return found;
                        },
                        counter::interrupted);
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
}
