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
 * A benchmark, as described by its YAML: the source of its items, the questions and the metrics.
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
     * @throws CairnException if it is invalid; the message names file and key
     */
    public static Task load(Path yaml) {
        return new Task(YamlFile.read(yaml));
    }

    /**
     * A bundled task.
     *
     * @throws CairnException if there is none of this name; the message lists the known ones
     */
    public static Task named(String name) {
        return new Task(BundledTasks.read(name));
    }

    /** Names of the bundled tasks, sorted. */
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

    /** A note for readers of its results, for example that it has few items. */
    public Optional<String> note() {
        return Optional.ofNullable(config.note());
    }

    /**
     * The metrics, in the order of the file: {@code acc}, {@code acc_norm}, {@code acc_bytes},
     * {@code mc2}, {@code exact_match}, or {@code exact_match,FILTER} with the name of a filter.
     */
    public List<String> metrics() {
        return metrics.names();
    }

    /** Default number of examples before the question. */
    public int defaultFewshot() {
        Integer count = config.numFewshot();
        return count == null ? 0 : count;
    }

    /**
     * Reads the items and renders their prompts.
     *
     * @param dataFolder folder of the task's files; may be null only for a task whose files are
     *     beside its YAML
     * @param numFewshot number of examples before the question
     * @param limit maximum number of items from the beginning of each file, as
     *     lm-evaluation-harness limits each subject of MMLU; {@link Integer#MAX_VALUE} for all
     * @throws CairnException if an item cannot be read or rendered; the message names file, line
     *     and item
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
     * Computes the metrics of one item, all between 0 and 1.
     *
     * @return a value for each of {@link #metrics()}
     * @throws CairnException if the number of scores differs from that of the candidates, a score
     *     is not finite, or the scores are of another kind
     */
    public SortedMap<String, Double> metrics(TaskItem item, ItemScores scores) {
        return metrics.of(item, scores);
    }
}
