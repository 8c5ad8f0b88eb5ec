package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.report.RunTable;
import dev.cairn.eval.run.RunFolder;
import dev.cairn.eval.run.RunResults;
import dev.cairn.eval.run.Runner;
import dev.cairn.eval.run.SampleLog;
import dev.cairn.eval.run.TaskOutcome;
import dev.cairn.eval.run.TaskRun;
import dev.cairn.eval.task.ChoiceItem;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.Part;
import dev.cairn.recipe.parts.PeakMemory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The results of a system on benchmarks. */
public final class TaskResults {
    private final List<TaskOutcome> tasks;
    private final RunResults results;

    private TaskResults(List<TaskOutcome> tasks, RunResults results) {
        this.tasks = List.copyOf(tasks);
        this.results = results;
    }

    /**
     * Runs tasks on a system.
     *
     * @param samples the folder in which samples and results are saved; null saves none
     */
    static TaskResults of(
            EvaluatedSystem system,
            List<TaskRun> taskRuns,
            @Nullable Path samples,
            RecipeListener listener) {
        RunFolder folder =
                samples == null ? null : RunFolder.open(samples, system.origin(), taskRuns);
        if (taskRuns.stream().anyMatch(TaskResults::needsScores)) {
            system.probe().run();
        }
        List<TaskOutcome> tasks = new ArrayList<>();
        for (TaskRun taskRun : taskRuns) {
            tasks.add(run(system, taskRun, folder, listener));
        }
        RunResults results =
                RunResults.of(
                        system.facts(),
                        system.kind(),
                        system.args(),
                        tasks,
                        Clock.systemUTC().instant(),
                        PeakMemory.bytes());
        if (folder != null) {
            folder.write(results);
        }
        return new TaskResults(tasks, results);
    }

    private static boolean needsScores(TaskRun taskRun) {
        return taskRun.items().stream().anyMatch(ChoiceItem.class::isInstance);
    }

    private static TaskOutcome run(
            EvaluatedSystem system,
            TaskRun taskRun,
            @Nullable RunFolder folder,
            RecipeListener listener) {
        String name = system.facts().name() + ", " + taskRun.task();
        try (SampleLog log = folder == null ? SampleLog.NONE : folder.samples(taskRun);
                Part part = Part.begin(listener, name, "items", 0, taskRun.items().size())) {
            return Runner.of(system.model(), system.threads()).run(taskRun, log, part::scored);
        }
    }

    /** The results in the form that a report on question sets needs. */
    List<SetResult> asSetResults(List<ItemSet> sets) {
        return IntStream.range(0, sets.size())
                .mapToObj(i -> tasks.get(i).asSetResult(sets.get(i)))
                .toList();
    }

    /**
     * The mean of a metric over the items of a task.
     *
     * @param metric name of the metric, such as {@code acc} or {@code exact_match}
     * @throws CairnException if there is no such task, or it has no such metric
     */
    public double mean(String task, String metric) {
        return results.tasks().stream()
                .filter(result -> result.task().equals(task))
                .flatMap(result -> result.metrics().entrySet().stream())
                .filter(entry -> entry.getKey().equals(metric))
                .findFirst()
                .orElseThrow(() -> new CairnException("task " + task + ": has no metric " + metric))
                .getValue()
                .mean();
    }

    /** Items without a score, over all tasks. */
    public List<ItemFailure> failures() {
        return results.failures();
    }

    /** A table for the terminal. */
    public String toText() {
        return RunTable.of(results);
    }

    /** One JSON object in the form of lm-evaluation-harness's results. */
    public String toJson() {
        return results.toJson();
    }

    /** Notes that a reader of the figures must know, one line each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (TaskOutcome task : tasks) {
            String name = task.taskRun().task();
            task.taskRun().note().ifPresent(note -> notes.add(name + ": " + note));
            long cut =
                    task.samples().stream()
                            .filter(sample -> sample.effort().truncatedTokens() > 0)
                            .count();
            if (cut > 0) {
                notes.add(
                        "%s: %d items lost their beginning because they did not fit the context window"
                                .formatted(name, cut));
            }
        }
        return notes;
    }

    /**
     * Checks that the figures cover all items.
     *
     * @return these results
     * @throws CairnException if an item failed
     */
    public TaskResults requireComplete() {
        List<ItemFailure> failures = failures();
        if (!failures.isEmpty()) {
            ItemFailure first = failures.getFirst();
            throw new CairnException(
                    "%d of %d items have no score and are not counted; the first is %s of task %s: %s; run again to repeat them"
                            .formatted(
                                    failures.size(),
                                    tasks.stream().mapToInt(t -> t.taskRun().items().size()).sum(),
                                    first.id(),
                                    first.task(),
                                    first.error()));
        }
        return this;
    }
}
