package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.eval.run.Failure;
import dev.cairn.eval.run.RunFolder;
import dev.cairn.eval.run.RunResults;
import dev.cairn.eval.run.Runner;
import dev.cairn.eval.run.SampleLog;
import dev.cairn.eval.run.TaskOutcome;
import dev.cairn.eval.run.TaskRun;
import dev.cairn.eval.task.ChoiceItem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that were put to a system.
 *
 * @param tasks in the order they were given
 */
record EvalRun(List<TaskOutcome> tasks, RunResults results) {
    /**
     * Puts tasks to a system.
     *
     * @param outputPath where samples and results are kept; null keeps none
     */
    static EvalRun of(EvaluatedSystem system, List<TaskRun> taskRuns, @Nullable Path outputPath) {
        RunFolder folder =
                outputPath == null ? null : RunFolder.open(outputPath, system.origin(), taskRuns);
        if (taskRuns.stream().anyMatch(EvalRun::needsScores)) {
            system.probe().run();
        }
        List<TaskOutcome> tasks = new ArrayList<>();
        for (TaskRun taskRun : taskRuns) {
            tasks.add(run(system, taskRun, folder));
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
        return new EvalRun(tasks, results);
    }

    private static boolean needsScores(TaskRun taskRun) {
        return taskRun.items().stream().anyMatch(ChoiceItem.class::isInstance);
    }

    private static TaskOutcome run(
            EvaluatedSystem system, TaskRun taskRun, @Nullable RunFolder folder) {
        try (SampleLog log = folder == null ? SampleLog.NONE : folder.samples(taskRun);
                TaskBar bar =
                        new TaskBar(
                                system.facts().name(), taskRun.task(), taskRun.items().size())) {
            return Runner.of(system.model(), system.threads()).run(taskRun, log, bar);
        }
    }

    /** What a reader of the numbers has to know. */
    void tellNotes() {
        for (TaskOutcome task : tasks) {
            task.taskRun()
                    .note()
                    .ifPresent(note -> System.err.printf("%s: %s%n", task.taskRun().task(), note));
            long cut =
                    task.samples().stream()
                            .filter(sample -> sample.effort().truncatedTokens() > 0)
                            .count();
            if (cut > 0) {
                System.err.printf(
                        "%s: the beginning of %d items was cut, because they did not fit the window%n",
                        task.taskRun().task(), cut);
            }
        }
    }

    /**
     * Ends a run whose numbers are not those of all items.
     *
     * @throws CairnException when an item failed
     */
    void requireAll() {
        List<Failure> failures = results.failures();
        if (!failures.isEmpty()) {
            Failure first = failures.getFirst();
            throw new CairnException(
                    "%d of %d items have no score and are not counted; the first is %s of task %s: %s; run again to repeat them"
                            .formatted(
                                    failures.size(),
                                    tasks.stream().mapToInt(t -> t.taskRun().items().size()).sum(),
                                    first.id(),
                                    first.task(),
                                    first.error()));
        }
    }
}
