package dev.cairn.recipe.probe;

import dev.cairn.data.probes.ProbeKind;
import dev.cairn.eval.report.Numbers;
import dev.cairn.eval.report.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * How a model did on all probes that fit into its context window.
 *
 * @param model name of the model
 * @param results one for each kind and size
 */
public record ProbeResults(String model, List<ProbeResult> results) {
    public ProbeResults {
        results = List.copyOf(results);
    }

    /** The mean share of each kind over its sizes, by the kind's name. */
    public Map<String, Double> shares() {
        return ProbeResult.shares(results);
    }

    /** A table for a terminal. */
    public String toText() {
        TextTable table =
                TextTable.of(List.of("probe", "size", "right", "95% interval", "of", "loss"));
        for (ProbeResult result : results) {
            table.row(
                    List.of(
                            result.kind().label(),
                            String.valueOf(result.size()),
                            Numbers.percent(result.right().rate()),
                            Numbers.interval(result.right()),
                            result.right().total() + " " + counted(result.kind()),
                            String.format(Locale.ROOT, "%.3f", result.loss())));
        }
        return model + "\n" + table + String.join("\n", rest()) + "\n";
    }

    private static String counted(ProbeKind kind) {
        return switch (kind) {
            case REPEAT -> "tokens";
            case RECALL -> "values";
            case LAST_LINE -> "lines";
        };
    }

    /** The lines below the table. */
    private List<String> rest() {
        List<String> lines = new ArrayList<>();
        lines.add(
                shares().entrySet().stream()
                        .map(share -> share.getKey() + " " + Numbers.percent(share.getValue()))
                        .collect(Collectors.joining(", ", "means over sizes: ", "")));
        List<String> missing = missing();
        if (!missing.isEmpty()) {
            lines.add("too long for this model: " + String.join(", ", missing));
        }
        return lines;
    }

    private List<String> missing() {
        return Stream.of(ProbeKind.values())
                .flatMap(kind ->
                        kind.sizes().stream()
                                .filter(size -> !has(kind, size))
                                .map(size -> kind.label() + " " + size))
                .toList();
    }

    private boolean has(ProbeKind kind, int size) {
        return results.stream().anyMatch(r -> r.kind() == kind && r.size() == size);
    }

    /** One JSON object. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("probes", results.stream().map(ProbeResults::json).toList());
        json.put("shares", shares());
        return JsonMapper.shared().writeValueAsString(json) + "\n";
    }

    private static Map<String, Object> json(ProbeResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("probe", result.kind().label());
        json.put("size", result.size());
        json.put("counted", counted(result.kind()));
        json.put("correct", result.right().correct());
        json.put("total", result.right().total());
        json.put("share", result.right().rate());
        json.put("low", result.right().low());
        json.put("high", result.right().high());
        json.put("loss", result.loss());
        return json;
    }
}
