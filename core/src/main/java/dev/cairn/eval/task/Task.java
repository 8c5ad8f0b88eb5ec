package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.support.YamlFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A benchmark as its YAML describes it: where its items are, what is asked and what is measured.
 */
public final class Task {
    private final JsonNode keys;
    private final TaskConfig config;
    private final TaskItems items;
    private final TaskMetrics metrics;

    private Task(YamlFile yaml) {
        this.keys = yaml.root();
        this.config = yaml.as(TaskConfig.class);
        this.items = new TaskItems(yaml, config);
        this.metrics = new TaskMetrics(yaml, config);
    }

    /**
     * Reads a task file.
     *
     * @throws CairnException naming file and key
     */
    public static Task load(Path yaml) {
        return new Task(YamlFile.read(yaml));
    }

    /**
     * A task that comes with Cairn.
     *
     * @throws CairnException when there is none of this name; lists the known ones
     */
    public static Task named(String name) {
        return new Task(BundledTasks.read(name));
    }

    /** Names of the tasks that come with Cairn, sorted. */
    public static List<String> bundled() {
        return BundledTasks.NAMES;
    }

    /** Its name in reports. */
    public String name() {
        return config.task();
    }

    /** The keys and values of its file. */
    public JsonNode keys() {
        return keys.deepCopy();
    }

    /** What a reader of its results must know, such as that it has few items. */
    public Optional<String> note() {
        return Optional.ofNullable(config.note());
    }

    /**
     * What is measured, in the order of the file: {@code acc}, {@code acc_norm}, {@code acc_bytes},
     * {@code mc2}, {@code exact_match}, or {@code exact_match,FILTER} with a name of a filter.
     */
    public List<String> metrics() {
        return metrics.names();
    }

    /** How many examples stand before the question by default. */
    public int defaultFewshot() {
        Integer count = config.numFewshot();
        return count == null ? 0 : count;
    }

    /**
     * Reads the items and renders their prompts.
     *
     * @param dataFolder where the task's files are; may be null only for a task whose files lie
     *     beside its YAML
     * @param numFewshot examples before the question
     * @param limit how many items at most of each file, from its beginning, as
     *     lm-evaluation-harness limits each subject of MMLU; {@link Integer#MAX_VALUE} for all
     * @throws CairnException naming file, line and item
     */
    public List<TaskItem> items(@Nullable Path dataFolder, int numFewshot, int limit) {
        if (numFewshot < 0 || limit < 1) {
            throw new CairnException(
                    "expected 0 or more examples and a limit of 1 or more, found %d and %d"
                            .formatted(numFewshot, limit));
        }
        return items.read(dataFolder, numFewshot, limit);
    }

    /**
     * The metrics of one item; all between 0 and 1.
     *
     * @return a value for each of {@link #metrics()}
     * @throws CairnException when there are not as many scores as candidates, one is not finite, or
     *     they are of another kind
     */
    public SortedMap<String, Double> metrics(TaskItem item, ItemScores scores) {
        return metrics.of(item, scores);
    }
}
