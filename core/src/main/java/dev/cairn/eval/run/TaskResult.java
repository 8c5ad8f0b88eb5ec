package dev.cairn.eval.run;

import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.task.Aggregate;
import dev.cairn.eval.task.TaskItem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The summary of a task.
 *
 * @param task its name
 * @param original number of its items
 * @param effective number of items with a sample; the metrics are over these
 * @param metrics metrics by name
 * @param kinds the metrics of each kind of item, if there are several kinds
 * @param config the task's YAML
 */
public record TaskResult(
        String task,
        int numFewshot,
        int original,
        int effective,
        SortedMap<String, Aggregate> metrics,
        SortedMap<String, SortedMap<String, Aggregate>> kinds,
        List<ItemFailure> failures,
        JsonNode config) {
    static TaskResult of(TaskOutcome run) {
        TaskRun taskRun = run.taskRun();
        return new TaskResult(
                taskRun.task(),
                taskRun.numFewshot(),
                taskRun.original(),
                run.samples().size(),
                aggregates(run.samples()),
                kinds(run),
                run.failures(),
                taskRun.config());
    }

    private static SortedMap<String, SortedMap<String, Aggregate>> kinds(TaskOutcome run) {
        SortedMap<String, SortedMap<String, Aggregate>> kinds = new TreeMap<>();
        if (run.taskRun().items().stream().map(TaskItem::kind).distinct().count() > 1) {
            run.samples().stream()
                    .collect(Collectors.groupingBy(Sample::kind))
                    .forEach((kind, samples) -> kinds.put(kind, aggregates(samples)));
        }
        return kinds;
    }

    private static SortedMap<String, Aggregate> aggregates(Collection<Sample> samples) {
        Map<String, List<Double>> values =
                samples.stream()
                        .flatMap(sample -> sample.metrics().entrySet().stream())
                        .collect(
                                Collectors.groupingBy(
                                        Map.Entry::getKey,
                                        Collectors.mapping(
                                                Map.Entry::getValue, Collectors.toList())));
        SortedMap<String, Aggregate> aggregates = new TreeMap<>();
        values.forEach((name, all) -> aggregates.put(name, Aggregate.of(all)));
        return aggregates;
    }
}
