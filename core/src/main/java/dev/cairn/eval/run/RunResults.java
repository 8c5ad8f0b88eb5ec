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
 * @param kind kind of system: {@code stack}, {@code model}, {@code adapter} or {@code
 *     openai-completions}
 * @param args its command-line options by name
 * @param date when the evaluation ended
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
     * Summarises the outcomes of the tasks.
     *
     * @param peakMemoryBytes peak memory of this process; null if unknown
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

    /** Items without a sample, over all tasks. */
    public List<ItemFailure> failures() {
        return tasks.stream().flatMap(task -> task.failures().stream()).toList();
    }

    /**
     * One JSON object in the format of lm-evaluation-harness's results, with the additional key
     * {@code ledger}.
     */
    public String toJson() {
        return ResultsJson.format(this);
    }

    /**
     * Reads a results file.
     *
     * @param where the file, for errors
     * @throws dev.cairn.CairnException if it is not such an object
     */
    static RunResults parse(JsonNode json, String where) {
        return ResultsJson.parse(json, where);
    }
}
