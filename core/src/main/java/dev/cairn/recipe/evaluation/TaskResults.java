package dev.cairn.recipe.evaluation;

import dev.cairn.cli.TaskBar;
import dev.cairn.CairnException;
import dev.cairn.eval.run.Exam;
import dev.cairn.eval.run.Failure;
import dev.cairn.eval.run.RunFolder;
import dev.cairn.eval.run.RunResults;
import dev.cairn.eval.run.Runner;
import dev.cairn.eval.run.SampleLog;
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
 * @param tasks in the order of the exams
 */
record TaskResults(List<TaskRun> tasks, RunResults results) {
    /**
     * Puts tasks to a system.
     *
     * @param outputPath where samples and results are kept; null keeps none
     */
    static TaskResults of(EvaluatedSystem system, List<Exam> exams, @Nullable Path outputPath) {
        RunFolder folder =
                outputPath == null ? null : RunFolder.open(outputPath, system.origin(), exams);
        if (exams.stream().anyMatch(TaskResults::needsScores)) {
            system.probe().run();
        }
        List<TaskRun> tasks = new ArrayList<>();
        for (Exam exam : exams) {
            tasks.add(run(system, exam, folder));
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

    private static boolean needsScores(Exam exam) {
        return exam.items().stream().anyMatch(ChoiceItem.class::isInstance);
    }

    private static TaskRun run(EvaluatedSystem system, Exam exam, @Nullable RunFolder folder) {
        try (SampleLog log = folder == null ? SampleLog.NONE : folder.samples(exam);
                TaskBar bar =
                        new TaskBar(system.facts().name(), exam.task(), exam.items().size())) {
            return Runner.of(system.subject(), system.threads()).run(exam, log, bar);
        }
    }

    /** What a reader of the numbers has to know. */
    void tellNotes() {
        for (TaskRun task : tasks) {
            task.exam()
                    .note()
                    .ifPresent(note -> System.err.printf("%s: %s%n", task.exam().task(), note));
            long cut =
                    task.samples().stream()
                            .filter(sample -> sample.effort().truncatedTokens() > 0)
                            .count();
            if (cut > 0) {
                System.err.printf(
                        "%s: of %d items the beginning was cut, because they did not fit the window%n",
                        task.exam().task(), cut);
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
                    "%d of %d items have no score and are in no number; the first is %s of task %s: %s; run again to ask them again"
                            .formatted(
                                    failures.size(),
                                    tasks.stream().mapToInt(t -> t.exam().items().size()).sum(),
                                    first.id(),
                                    first.task(),
                                    first.error()));
        }
    }
}
