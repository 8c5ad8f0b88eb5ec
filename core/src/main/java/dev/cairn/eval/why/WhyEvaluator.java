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

/** Asks a system of stages the questions of a set again, to find out where its errors come from. */
public final class WhyEvaluator {
    private final ParallelTasks tasks;

    private WhyEvaluator(ParallelTasks tasks) {
        this.tasks = tasks;
    }

    /**
     * An evaluator that keeps this many questions in flight.
     *
     * @throws CairnException when there is not at least one thread
     */
    public static WhyEvaluator withThreads(int threads) {
        return new WhyEvaluator(ParallelTasks.on(threads, "eval"));
    }

    /**
     * Asks every question again with the texts of some stages given. A text that changes nothing is
     * not tried.
     *
     * @param system what gave the results; called from several threads at once
     * @param name how reports call it
     * @param results its plain answers, with the text of every stage
     * @param gold the text every stage but the last should have written, for every question
     * @param progress told after every question, with the plain answers for right ones
     * @throws CairnException when there are fewer than two stages, a plain answer lacks the text of
     *     a stage, or as {@link Evaluator#evaluate}
     */
    public Why evaluate(
            StagedAnswerer system,
            String name,
            SetResult results,
            GoldTexts gold,
            Evaluator.Progress progress) {
        if (system.stages().size() < 2) {
            throw new CairnException(
                    "%s: expected two or more stages to ask which one is to blame, found %d"
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
