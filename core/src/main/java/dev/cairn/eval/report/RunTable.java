package dev.cairn.eval.report;

import dev.cairn.eval.run.ResourceUsage;
import dev.cairn.eval.run.RunResults;
import dev.cairn.eval.run.TaskResult;
import dev.cairn.eval.task.Aggregate;
import java.util.Locale;
import java.util.SortedMap;

/** An evaluation as a table for the terminal. */
public final class RunTable {
    private RunTable() {}

    /** Tasks, their metrics and the cost per item. */
    public static String of(RunResults run) {
        TextTable table = TextTable.of("task", "n-shot", "n", "metric", "value", "stderr");
        for (TaskResult task : run.tasks()) {
            add(table, task.task(), task, task.metrics());
            task.kinds().forEach((kind, metrics) -> add(table, "- " + kind, task, metrics));
        }
        ResourceUsage usage = run.usage();
        return String.format(
                Locale.ROOT,
                "%s\n%s\n  per item: %.1f tokens read, %.1f written, %.1f ms\n",
                usage.system(),
                table,
                usage.meanPromptTokens(),
                usage.meanCompletionTokens(),
                usage.meanMillis());
    }

    private static void add(
            TextTable table, String name, TaskResult task, SortedMap<String, Aggregate> metrics) {
        String first = name;
        for (var metric : metrics.entrySet()) {
            Aggregate value = metric.getValue();
            table.row(
                    first,
                    Integer.toString(task.numFewshot()),
                    Integer.toString(value.items()),
                    metric.getKey(),
                    number(value.mean()),
                    "± " + number(value.stderr()));
            first = "";
        }
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "n/a" : String.format(Locale.ROOT, "%.4f", value);
    }
}
