package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.task.Aggregate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Results in the form of lm-evaluation-harness: {@code results}, {@code group_subtasks}, {@code
 * configs}, {@code versions}, {@code n-shot}, {@code n-samples}, {@code config}, {@code date};
 * {@code ledger} and {@code failures} are Cairn's own. A task with several kinds of items is a
 * group, and each kind a subtask named {@code TASK_KIND}.
 */
final class ResultsJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private static final String STDERR = "_stderr";

    private ResultsJson() {}

    static String format(RunResults run) {
        ObjectNode json = JSON.createObjectNode();
        ObjectNode results = json.putObject("results");
        ObjectNode groups = json.putObject("group_subtasks");
        ObjectNode configs = json.putObject("configs");
        ObjectNode versions = json.putObject("versions");
        ObjectNode shots = json.putObject("n-shot");
        ObjectNode counts = json.putObject("n-samples");
        for (TaskResult task : run.tasks()) {
            String name = task.task();
            addResult(results.putObject(name), name, task.metrics());
            task.kinds()
                    .forEach((kind, metrics) ->
                            addResult(results.putObject(name + "_" + kind), " - " + kind, metrics));
            var subtasks = groups.putArray(name);
            task.kinds().keySet().forEach(kind -> subtasks.add(name + "_" + kind));
            configs.set(name, task.config());
            versions.set(name, task.config().path("metadata").path("version").deepCopy());
            shots.put(name, task.numFewshot());
            counts.putObject(name)
                    .put("original", task.original())
                    .put("effective", task.effective());
        }
        ObjectNode config = json.putObject("config");
        config.put("model", run.kind());
        config.set("model_args", JSON.valueToTree(run.args()));
        json.put("model_name", run.usage().system());
        json.put("date", run.date().toEpochMilli() / 1e3);
        json.set("ledger", JSON.valueToTree(run.usage()));
        json.set("failures", JSON.valueToTree(run.failures()));
        return JSON.writeValueAsString(json);
    }

    private static void addResult(
            ObjectNode result, String alias, SortedMap<String, Aggregate> metrics) {
        result.put("alias", alias);
        metrics.forEach((metric, aggregate) -> {
            addNumber(result, key(metric, ""), aggregate.mean());
            addNumber(result, key(metric, STDERR), aggregate.stderr());
        });
    }

    /** JSON has no NaN; lm-evaluation-harness writes N/A. */
    private static void addNumber(ObjectNode result, String key, double value) {
        if (Double.isNaN(value)) {
            result.put(key, "N/A");
        } else {
            result.put(key, value);
        }
    }

    /** {@code acc,none}, {@code acc_stderr,none}; the second part is the name of a filter. */
    private static String key(String metric, String suffix) {
        int comma = metric.indexOf(',');
        return comma < 0
                ? metric + suffix + ",none"
                : metric.substring(0, comma) + suffix + metric.substring(comma);
    }

    static RunResults parse(JsonNode json, String where) {
        try {
            List<ItemFailure> failures = new ArrayList<>();
            for (JsonNode failure : json.required("failures")) {
                failures.add(JSON.treeToValue(failure, ItemFailure.class));
            }
            List<TaskResult> tasks = new ArrayList<>();
            json.required("n-samples")
                    .forEachEntry((task, counts) -> tasks.add(task(json, task, failures)));
            SortedMap<String, String> args = new TreeMap<>();
            json.required("config")
                    .required("model_args")
                    .forEachEntry((name, value) -> args.put(name, value.asString()));
            return new RunResults(
                    tasks,
                    json.required("config").required("model").asString(),
                    args,
                    Instant.ofEpochMilli(Math.round(json.required("date").asDouble() * 1e3)),
                    JSON.treeToValue(json.required("ledger"), ResourceUsage.class));
        } catch (JacksonException e) {
            throw new CairnException(
                    "%s: not a file written by cairn eval (%s); evaluate again into another folder"
                            .formatted(where, e.getOriginalMessage()),
                    e);
        }
    }

    private static TaskResult task(JsonNode json, String task, List<ItemFailure> failures) {
        JsonNode results = json.required("results");
        JsonNode counts = json.required("n-samples").required(task);
        int effective = counts.required("effective").asInt();
        SortedMap<String, SortedMap<String, Aggregate>> kinds = new TreeMap<>();
        for (JsonNode subtask : json.required("group_subtasks").path(task)) {
            String name = subtask.asString();
            kinds.put(
                    name.substring(task.length() + 1), metrics(results.required(name), effective));
        }
        return new TaskResult(
                task,
                json.required("n-shot").required(task).asInt(),
                counts.required("original").asInt(),
                effective,
                metrics(results.required(task), effective),
                kinds,
                failures.stream().filter(failure -> failure.task().equals(task)).toList(),
                json.required("configs").required(task));
    }

    private static SortedMap<String, Aggregate> metrics(JsonNode result, int items) {
        SortedMap<String, Aggregate> metrics = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : result.properties()) {
            String key = entry.getKey();
            if (key.contains(",") && !key.contains(STDERR + ",")) {
                String metric = key.replaceFirst(",none$", "");
                metrics.put(
                        metric,
                        new Aggregate(
                                items,
                                number(entry.getValue()),
                                number(result.path(key(metric, STDERR)))));
            }
        }
        return metrics;
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : Double.NaN;
    }
}
