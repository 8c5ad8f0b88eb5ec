package dev.cairn.server.page;

import dev.cairn.server.Routes;
import dev.cairn.server.ServerLimits;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.RequestBody;
import dev.cairn.server.trace.Rating;
import dev.cairn.server.trace.StoredTrace;
import dev.cairn.server.trace.TracePage;
import dev.cairn.server.trace.TraceQuery;
import dev.cairn.server.trace.TraceStore;
import dev.cairn.server.trace.TraceRecorder;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What was answered: listed, searched, shown, marked and deleted. */
public record TraceRoutes(TraceRecorder traces, ServerLimits limits) {
    private static final int USUAL_LIMIT = 50;
    private static final int MOST = 200;

    public void register(RoutesConfig routes) {
        Routes.get(routes, "/api/traces", this::list);
        Routes.get(routes, "/api/traces/{id}", this::show);
        routes.put("/api/traces/{id}/marks", this::mark);
        routes.delete("/api/traces/{id}", this::delete);
    }

    private void list(Context ctx) {
        TraceQuery query = query(ctx);
        Map<String, Object> json = new LinkedHashMap<>();
        if (traces.store().isEmpty()) {
            json.put("traces", List.of());
            json.put("more", false);
            json.put("off", true);
        } else {
            TracePage page = traces.store().get().list(query);
            json.put("traces", page.traces().stream().map(TraceRoutes::json).toList());
            json.put("more", page.more());
        }
        RequestBody.write(ctx, 200, json);
    }

    private static TraceQuery query(Context ctx) {
        String words = filled(ctx, "query");
        if (words != null && words.length() > TraceQuery.LONGEST) {
            throw ApiException.badRequest(
                    "query",
                    "query: expected at most %d characters, found %d"
                            .formatted(TraceQuery.LONGEST, words.length()));
        }
        return new TraceQuery(
                words,
                filled(ctx, "model"),
                mark("mark", filled(ctx, "mark")),
                limit(filled(ctx, "limit")),
                filled(ctx, "before"));
    }

    /** A parameter of the address; one that says nothing counts as left out. */
    private static @Nullable String filled(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL_LIMIT;
        }
        if (!text.matches("[0-9]{1,4}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > MOST) {
            throw ApiException.badRequest(
                    "limit",
                    "limit: expected a whole number from 1 to %d, found '%s'"
                            .formatted(MOST, ErrorText.shortened(text)));
        }
        return Integer.parseInt(text);
    }

    private static @Nullable Rating mark(String name, @Nullable String text) {
        return switch (text) {
            case null -> null;
            case "right" -> Rating.RIGHT;
            case "wrong" -> Rating.WRONG;
            default ->
                    throw ApiException.badRequest(
                            name,
                            "%s: expected right or wrong, found '%s'"
                                    .formatted(name, ErrorText.shortened(text)));
        };
    }

    private void show(Context ctx) {
        RequestBody.write(ctx, 200, json(trace(ctx)));
    }

    private void mark(Context ctx) {
        JsonFields fields = RequestBody.read(ctx, limits);
        fields.onlyThese(List.of("stage", "mark"));
        if (!fields.names().contains("mark")) {
            throw ApiException.badRequest(
                    "mark", "mark is missing: expected right, wrong, or null to take it away");
        }
        String stage = fields.text("stage");
        if (!store().mark(ctx.pathParam("id"), stage, mark("mark", fields.text("mark")))) {
            throw noSuchStage(trace(ctx), stage);
        }
        ctx.status(204);
    }

    private static ApiException noSuchStage(StoredTrace trace, @Nullable String stage) {
        return ApiException.badRequest(
                "stage",
                "stage: no stage '%s' in this trace; there is: %s"
                        .formatted(
                                ErrorText.shortened(String.valueOf(stage)),
                                trace.stages()
                                        .valueStream()
                                        .map(s -> s.path("stage").asString())
                                        .collect(Collectors.joining(", "))));
    }

    private void delete(Context ctx) {
        if (!store().delete(ctx.pathParam("id"))) {
            throw noSuchTrace(ctx);
        }
        ctx.status(204);
    }

    private StoredTrace trace(Context ctx) {
        return store().get(ctx.pathParam("id")).orElseThrow(() -> noSuchTrace(ctx));
    }

    private static ApiException noSuchTrace(Context ctx) {
        return ApiException.refused(
                404,
                "trace_not_found",
                "no trace '%s' here; it was deleted, or was too old"
                        .formatted(ErrorText.shortened(ctx.pathParam("id"))));
    }

    private TraceStore store() {
        return traces.store()
                .orElseThrow(() ->
                        ApiException.refused(
                                404,
                                "traces_off",
                                "no traces are kept here: the server was started without"));
    }

    private static Map<String, @Nullable Object> json(TracePage.Entry entry) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", entry.id());
        json.put("created", entry.created().toString());
        json.put("model", entry.model());
        json.put("input", entry.input());
        json.put("answer", entry.answer());
        json.put("mark", text(entry.mark()));
        json.put("millis", entry.millis());
        return json;
    }

    private static Map<String, Object> json(StoredTrace trace) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", trace.id());
        json.put("created", trace.created().toString());
        json.put("model", trace.model());
        json.put("input", trace.input());
        json.put("set", trace.set());
        json.put("answer", trace.answer());
        json.put("millis", trace.millis());
        json.put("finish_reason", trace.finishReason());
        json.put("stages", trace.stages());
        json.put("marks", marks(trace));
        return json;
    }

    private static Map<String, @Nullable Object> marks(StoredTrace trace) {
        Map<String, @Nullable String> stages = new LinkedHashMap<>();
        for (JsonNode stage : trace.stages()) {
            String name = stage.path("stage").asString("");
            Rating mark = trace.stageMarks().get(name);
            if (mark != null) {
                stages.put(name, mark.text());
            }
        }
        Map<String, @Nullable Object> marks = new LinkedHashMap<>();
        marks.put("answer", text(trace.mark()));
        marks.put("stages", stages);
        return marks;
    }

    private static @Nullable String text(@Nullable Rating mark) {
        return mark == null ? null : mark.text();
    }
}
