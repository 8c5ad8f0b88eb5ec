package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.ItemResult;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An evaluation as one JSON object. */
final class EvalJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private EvalJson() {}

    static String of(EvalReport report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("focus", report.focus());
        ArrayNode systems = root.putArray("systems");
        report.systems().forEach(run -> addSystem(systems.addObject(), run));
        ArrayNode comparisons = root.putArray("comparisons");
        report.comparisons().forEach(comparison -> comparisons.addPOJO(comparison));
        if (!report.whys().isEmpty()) {
            ArrayNode whys = root.putArray("why");
            report.whys().forEach(why -> WhyJson.add(whys.addObject(), why));
        }
        return JSON.writeValueAsString(root);
    }

    private static void addSystem(ObjectNode node, SystemRun run) {
        node.put("name", run.system().name());
        node.put("description", run.system().description());
        ObjectNode facts = node.putObject("facts");
        run.system().facts().forEach(fact -> facts.put(fact.name(), fact.value()));
        ArrayNode sets = node.putArray("sets");
        run.sets().forEach(result -> addSet(sets.addObject(), result));
    }

    private static void addSet(ObjectNode node, SetResult result) {
        node.put("name", result.set());
        addAccuracy(node, result.accuracy());
        node.put("failed", result.failures().size());
        node.put("truncated", result.truncated());
        node.putPOJO("cost", result.cost());
        node.putPOJO("cost_per_right_answer", result.costPerRightAnswer());
        ObjectNode kinds = node.putObject("kinds");
        result.byKind().forEach((kind, share) -> addAccuracy(kinds.putObject(kind), share));
        ArrayNode items = node.putArray("items");
        result.items().forEach(item -> addItem(items.addObject(), item));
    }

    private static void addAccuracy(ObjectNode node, Accuracy accuracy) {
        node.put("correct", accuracy.correct());
        node.put("total", accuracy.total());
        node.put("exact_match", accuracy.rate());
        node.put("low", accuracy.low());
        node.put("high", accuracy.high());
    }

    private static void addItem(ObjectNode node, ItemResult result) {
        node.put("id", result.item().id());
        node.put("kind", result.item().kind());
        node.put("gold", result.item().answer());
        node.put("answer", result.answer());
        node.put("correct", result.correct());
        node.put("error", result.error());
        node.put("millis", result.millis());
    }
}
