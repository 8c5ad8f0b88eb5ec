package dev.cairn.eval.run;

import dev.cairn.eval.ItemFailure;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The results of an evaluation: the content of a results file.
 *
 * @param kind what sort of system it is: {@code stack}, {@code model}, {@code adapter} or {@code
 *     openai-completions}
 * @param args how it was named on the command line, by option
 * @param date when it ended
 */
public record RunResults(
        List<TaskResult> tasks,
        String kind,
        SortedMap<String, String> args,
        Instant date,
        ResourceUsage usage) {
    public RunResults {
        tasks = List.copyOf(tasks);
        args = new TreeMap<>(args);
    }

    /**
     * Summarises what the tasks gave.
     *
     * @param peakMemoryBytes of this process; null when not known
     */
    public static RunResults of(
            SystemFacts system,
            String kind,
            SortedMap<String, String> args,
            List<TaskOutcome> tasks,
            Instant date,
            @Nullable Long peakMemoryBytes) {
        return new RunResults(
                tasks.stream().map(TaskResult::of).toList(),
                kind,
                args,
                date,
                ResourceUsage.of(system, tasks, peakMemoryBytes));
    }

    /** Items without a sample, of all tasks. */
    public List<ItemFailure> failures() {
        return tasks.stream().flatMap(task -> task.failures().stream()).toList();
    }

    /**
     * One JSON object in the form of lm-evaluation-harness's results, with our own key {@code
     * ledger}.
     */
    public String toJson() {
        return ResultsJson.format(this);
    }

    /**
     * Reads a results file.
     *
     * @param where the file, for errors
     * @throws dev.cairn.CairnException when it is no such object
     */
    static RunResults parse(JsonNode json, String where) {
        return ResultsJson.parse(json, where);
    }
}
