package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.eval.ExactMatch;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.task.ItemScores;
import dev.cairn.eval.task.Task;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.eval.task.WritingItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run of a task: the task and the items that are asked.
 *
 * @param numFewshot examples before each question
 * @param original number of items of the task without a limit
 * @param config the task's YAML
 * @param note what a reader of the results must know
 */
public record TaskRun(
        String task,
        int numFewshot,
        List<TaskItem> items,
        int original,
        Metrics metrics,
        JsonNode config,
        Optional<String> note) {
    static final String EXACT_MATCH = "exact_match";

    /** Computes the metrics of a system's output for an item. */
    @FunctionalInterface
    public interface Metrics {
        /** Values by the names of the metrics. */
        SortedMap<String, Double> of(TaskItem item, ItemScores scores);
    }

    /**
     * @throws CairnException if there are no items, or two of them have the same id
     */
    public TaskRun {
        items = List.copyOf(items);
        if (items.isEmpty()) {
            throw new CairnException(
                    "task %s: expected at least one item, found none; check the data"
                            .formatted(task));
        }
        Set<String> ids = new HashSet<>();
        for (TaskItem item : items) {
            if (!ids.add(item.id())) {
                throw new CairnException(
                        "task %s: two items have the id '%s'; give each its own"
                                .formatted(task, item.id()));
            }
        }
    }

    /**
     * A run of a task.
     *
     * @param data the folder of the benchmark's files; null if they are beside the task's YAML
     * @param numFewshot number of examples; null for the task's own number
     */
    public static TaskRun of(
            Task task, @Nullable Path data, @Nullable Integer numFewshot, int limit) {
        int shots = numFewshot == null ? task.defaultFewshot() : numFewshot;
        List<TaskItem> items = task.items(data, shots, limit);
        int original =
                limit == Integer.MAX_VALUE
                        ? items.size()
                        : task.items(data, shots, Integer.MAX_VALUE).size();
        return new TaskRun(
                task.name(), shots, items, original, task::metrics, task.keys(), task.note());
    }

    /**
     * A run of a set of questions, whose answers are compared by {@link ExactMatch}.
     *
     * @param maxTokens maximum number of tokens of an answer
     */
    public static TaskRun of(ItemSet set, int maxTokens) {
        List<TaskItem> items = new ArrayList<>();
        for (Item item : set.items()) {
            items.add(
                    new WritingItem(
                            item.id(),
                            items.size(),
                            item.kind(),
                            JsonMapper.shared().valueToTree(item),
                            item.input(),
                            List.of(),
                            maxTokens,
                            List.of(item.answer())));
        }
        return new TaskRun(
                set.name(),
                0,
                items,
                items.size(),
                TaskRun::exactMatch,
                JsonMapper.shared().createObjectNode().put("task", set.name()),
                Optional.empty());
    }

    private static SortedMap<String, Double> exactMatch(TaskItem item, ItemScores scores) {
        boolean isRight =
                item instanceof WritingItem question
                        && scores instanceof ItemScores.Written(String text)
                        && question.gold().stream()
                                .anyMatch(gold -> ExactMatch.matches(gold, text));
        return new TreeMap<>(Map.of(EXACT_MATCH, isRight ? 1.0 : 0.0));
    }
}
