package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.support.Sha256;
import dev.cairn.text.StageTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes samples as lines of JSON in the format of lm-evaluation-harness, which writes
 * the numbers of {@code resps} as text. Cairn's own fields are under {@code cairn}.
 */
final class SampleJson {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    /** The keys that are not metrics. */
    private static final Set<String> FIELDS =
            Set.of(
                    "doc_id",
                    "doc",
                    "target",
                    "arguments",
                    "resps",
                    "filtered_resps",
                    "doc_hash",
                    "prompt_hash",
                    "target_hash",
                    "cairn");

    private SampleJson() {}

    /** One line, without a line break. */
    static String format(Sample sample) {
        ObjectNode line = JSON.createObjectNode();
        line.put("doc_id", sample.docId());
        line.set("doc", sample.doc());
        line.put("target", sample.target());
        line.set("arguments", sample.arguments());
        ArrayNode responses = responses(sample.output());
        ArrayNode lists = line.putArray("resps");
        responses.forEach(response -> lists.addArray().add(response));
        line.set("filtered_resps", responses);
        line.put("doc_hash", Hashes.of(sample.doc()));
        line.put(
                "prompt_hash",
                Sha256.of(sample.arguments().path("gen_args_0").path("arg_0").asString("")).hex());
        line.put("target_hash", Sha256.of(sample.target()).hex());
        sample.metrics().forEach(line::put);
        addOurs(line.putObject("cairn"), sample);
        return JSON.writeValueAsString(line);
    }

    private static ArrayNode responses(ModelOutput output) {
        ArrayNode responses = JSON.createArrayNode();
        switch (output) {
            case ModelOutput.Likelihoods(List<ModelOutput.Likelihood> choices) ->
                    choices.forEach(choice ->
                            responses
                                    .addArray()
                                    .add(Double.toString(choice.logprob()))
                                    .add(choice.isGreedy() ? "True" : "False"));
            case ModelOutput.Text(String text) -> responses.add(text);
        }
        return responses;
    }

    private static void addOurs(ObjectNode ours, Sample sample) {
        Effort effort = sample.effort();
        ours.put("id", sample.id());
        ours.put("kind", sample.kind());
        ours.put("millis", effort.millis());
        ours.put("cpu_millis", effort.cpuMillis());
        ours.put("prompt_tokens", effort.promptTokens());
        ours.put("completion_tokens", effort.completionTokens());
        ours.put("truncated", effort.truncatedTokens());
        ours.set("stages", JSON.valueToTree(effort.stages()));
    }

    /**
     * Reads a line.
     *
     * @param where file and line, for errors
     */
    static Sample parse(String text, String where) {
        try {
            JsonNode line = JSON.readTree(text);
            JsonNode ours = line.required("cairn");
            return new Sample(
                    line.required("doc_id").asInt(),
                    ours.required("id").asString(),
                    ours.required("kind").asString(),
                    line.required("doc"),
                    line.required("target").asString(),
                    line.required("arguments"),
                    output(line.required("filtered_resps")),
                    metrics(line),
                    effort(ours));
        } catch (JacksonException | NumberFormatException e) {
            throw new CairnException(
                    where
                            + ": not a line written by cairn eval ("
                            + e.getMessage()
                            + "); delete the line, and its item will be asked again",
                    e);
        }
    }

    private static ModelOutput output(JsonNode responses) {
        if (responses.path(0).isString()) {
            return new ModelOutput.Text(responses.get(0).stringValue());
        }
        List<ModelOutput.Likelihood> choices = new ArrayList<>();
        for (JsonNode response : responses) {
            choices.add(
                    new ModelOutput.Likelihood(
                            Double.parseDouble(response.required(0).asString()),
                            response.required(1).asString().equals("True")));
        }
        return new ModelOutput.Likelihoods(choices);
    }

    private static SortedMap<String, Double> metrics(JsonNode line) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        line.forEachEntry((name, value) -> {
            if (!FIELDS.contains(name)) {
                metrics.put(name, value.asDouble());
            }
        });
        return metrics;
    }

    private static Effort effort(JsonNode ours) {
        List<StageTrace> stages = new ArrayList<>();
        for (JsonNode stage : ours.required("stages")) {
            // Missing in runs of earlier versions.
            ((ObjectNode) stage).putIfAbsent("tokens", JSON.createArrayNode());
            stages.add(JSON.treeToValue(stage, StageTrace.class));
        }
        return new Effort(
                ours.required("millis").asDouble(),
                ours.required("cpu_millis").asDouble(),
                ours.required("prompt_tokens").asInt(),
                ours.required("completion_tokens").asInt(),
                ours.required("truncated").asInt(),
                stages);
    }
}
