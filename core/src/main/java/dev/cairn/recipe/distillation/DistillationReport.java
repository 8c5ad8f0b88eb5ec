package dev.cairn.recipe.distillation;

import dev.cairn.data.distill.Preview;
import dev.cairn.data.distill.Summary;
import dev.cairn.eval.report.TextTable;
import dev.cairn.stack.config.TeacherConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats past or planned requests to a teacher as text and as JSON.
 *
 * @param price price of the teacher's tokens; null if it is free
 */
record DistillationReport(TeacherConfig.@Nullable Price price) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final int SECONDS_PER_MINUTE = 60;

    String text(Summary summary) {
        List<String> head =
                new ArrayList<>(
                        List.of(
                                "stage",
                                "asked",
                                "kept",
                                "rejected",
                                "failed",
                                "tokens in",
                                "tokens out",
                                "time"));
        if (price != null) {
            head.add("cost");
        }
        TextTable table = TextTable.of(head);
        summary.stages().forEach(stage -> table.row(row(stage)));
        StringBuilder text = new StringBuilder(table.toString());
        for (Summary.Stage stage : summary.stages()) {
            stage.rejected().forEach((why, n) -> reason(text, stage, "rejected", n, why));
            stage.failed().forEach((why, n) -> reason(text, stage, "failed", n, why));
        }
        summary.setAside()
                .forEach(
                        (why, n) -> text.append("  set aside %s x %s%n".formatted(number(n), why)));
        return text.append(
                        "  %s of %s questions have a text at every stage; %s set aside, %s still wait%n"
                                .formatted(
                                        number(summary.complete()),
                                        number(summary.chains()),
                                        number(total(summary.setAside())),
                                        number(summary.missing())))
                .toString();
    }

    private List<String> row(Summary.Stage stage) {
        List<String> row =
                new ArrayList<>(
                        List.of(
                                stage.name(),
                                number(stage.asked()),
                                number(stage.kept()),
                                number(total(stage.rejected())),
                                number(total(stage.failed())),
                                number(stage.inputTokens()),
                                number(stage.outputTokens()),
                                time(stage.seconds())));
        if (price != null) {
            row.add(money(price.of(stage.inputTokens(), stage.outputTokens())));
        }
        return row;
    }

    private static void reason(
            StringBuilder text, Summary.Stage stage, String what, int count, String why) {
        text.append("  %s: %s %s x %s%n".formatted(stage.name(), what, number(count), why));
    }

    String json(Summary summary) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("complete", summary.complete());
        json.put("set_aside", summary.setAside());
        json.put("missing", summary.missing());
        json.put("stages", summary.stages().stream().map(this::json).toList());
        return JSON.writeValueAsString(json) + "\n";
    }

    private Map<String, Object> json(Summary.Stage stage) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("stage", stage.name());
        json.put("asked", stage.asked());
        json.put("kept", stage.kept());
        json.put("rejected", stage.rejected());
        json.put("failed", stage.failed());
        json.put("input_tokens", stage.inputTokens());
        json.put("output_tokens", stage.outputTokens());
        json.put("seconds", stage.seconds());
        if (price != null) {
            json.put("cost", price.of(stage.inputTokens(), stage.outputTokens()));
        }
        return json;
    }

    String text(Preview preview) {
        StringBuilder text = new StringBuilder();
        for (Preview.Prompt prompt : preview.prompts()) {
            text.append("--- %s, question %s%n".formatted(prompt.stage(), prompt.example()))
                    .append(prompt.text().stripTrailing())
                    .append("\n\n");
        }
        text.append(
                "%s requests, about %s tokens in and at most %s out"
                        .formatted(
                                number(preview.requests()),
                                number(preview.inputTokens()),
                                number(preview.outputTokens())));
        if (price != null) {
            text.append(
                    ", at most %s"
                            .formatted(
                                    money(
                                            price.of(
                                                    preview.inputTokens(),
                                                    preview.outputTokens()))));
        }
        return text.append("; nothing was asked\n").toString();
    }

    String json(Preview preview) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("requests", preview.requests());
        json.put("input_tokens", preview.inputTokens());
        json.put("output_tokens_at_most", preview.outputTokens());
        if (price != null) {
            json.put("cost_at_most", price.of(preview.inputTokens(), preview.outputTokens()));
        }
        json.put("prompts", preview.prompts());
        return JSON.writeValueAsString(json) + "\n";
    }

    private static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String money(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static String time(double seconds) {
        return seconds < SECONDS_PER_MINUTE
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%,.1f min", seconds / SECONDS_PER_MINUTE);
    }
}
