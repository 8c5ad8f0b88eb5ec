package dev.cairn.server.page;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.GetRoute;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonResponse;
import dev.cairn.server.http.RequestBodies;
import dev.cairn.server.trace.Rating;
import dev.cairn.server.trace.StoredTrace;
import dev.cairn.server.trace.TracePage;
import dev.cairn.server.trace.TraceQuery;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.server.trace.TraceStore;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists, shows, rates and deletes traces. The API calls a rating a mark. */
public record TraceRoutes(TraceRecorder traces, RequestBodies bodies) {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;

    public void register(RoutesConfig routes) {
        GetRoute.add(routes, "/api/traces", this::list);
        GetRoute.add(routes, "/api/traces/{id}", this::show);
        routes.put("/api/traces/{id}/marks", this::rate);
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
        JsonResponse.send(ctx, 200, json);
    }

    private static TraceQuery query(Context ctx) {
        String words = parameter(ctx, "query");
        if (words != null && words.length() > TraceQuery.MAX_WORDS_LENGTH) {
            throw ApiException.badRequest(
                    "query",
                    "query: expected at most %d characters, found %d"
                            .formatted(TraceQuery.MAX_WORDS_LENGTH, words.length()));
        }
        return new TraceQuery(
                words,
                parameter(ctx, "model"),
                rating("mark", parameter(ctx, "mark")),
                limit(parameter(ctx, "limit")),
                parameter(ctx, "before"));
    }

    /** A query parameter; a blank one counts as missing. */
    private static @Nullable String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.isBlank() ? null : value;
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (!text.matches("[0-9]{1,4}")
                || Integer.parseInt(text) < 1
                || Integer.parseInt(text) > MAX_LIMIT) {
            throw ApiException.badRequest(
                    "limit",
                    "limit: expected a whole number from 1 to %d, found '%s'"
                            .formatted(MAX_LIMIT, ErrorText.excerpt(text)));
        }
        return Integer.parseInt(text);
    }

    private static @Nullable Rating rating(String name, @Nullable String text) {
        return switch (text) {
            case null -> null;
            case "right" -> Rating.RIGHT;
            case "wrong" -> Rating.WRONG;
            default ->
                    throw ApiException.badRequest(
                            name,
                            "%s: expected right or wrong, found '%s'"
                                    .formatted(name, ErrorText.excerpt(text)));
        };
    }

    private void show(Context ctx) {
        JsonResponse.send(ctx, 200, json(trace(ctx)));
    }

    private void rate(Context ctx) {
        JsonFields fields = bodies.read(ctx);
        fields.allowOnly(List.of("stage", "mark"));
        if (!fields.names().contains("mark")) {
            throw ApiException.badRequest(
                    "mark", "mark is missing: expected right, wrong, or null to remove it");
        }
        String stage = fields.string("stage");
        if (!store().rate(ctx.pathParam("id"), stage, rating("mark", fields.string("mark")))) {
            throw noSuchStage(trace(ctx), stage);
        }
        ctx.status(204);
    }

    private static ApiException noSuchStage(StoredTrace trace, @Nullable String stage) {
        return ApiException.badRequest(
                "stage",
                "stage: no stage '%s' in this trace; the stages are: %s"
                        .formatted(
                                ErrorText.excerpt(String.valueOf(stage)),
                                String.join(", ", trace.stageNames())));
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
                "no trace '%s' here; it was deleted or has expired"
                        .formatted(ErrorText.excerpt(ctx.pathParam("id"))));
    }

    private TraceStore store() {
        return traces.store()
                .orElseThrow(() ->
                        ApiException.refused(
                                404,
                                "traces_off",
                                "this server was started without storing traces"));
    }

    private static Map<String, @Nullable Object> json(TracePage.Entry entry) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", entry.id());
        json.put("created", entry.created().toString());
        json.put("model", entry.model());
        json.put("input", entry.input());
        json.put("answer", entry.answer());
        json.put("mark", text(entry.rating()));
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
        for (String name : trace.stageNames()) {
            Rating rating = trace.stageRatings().get(name);
            if (rating != null) {
                stages.put(name, rating.text());
            }
        }
        Map<String, @Nullable Object> marks = new LinkedHashMap<>();
        marks.put("answer", text(trace.rating()));
        marks.put("stages", stages);
        return marks;
    }

    private static @Nullable String text(@Nullable Rating rating) {
        return rating == null ? null : rating.text();
    }
}
