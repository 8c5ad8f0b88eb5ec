package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.GetRoute;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonResponse;
import dev.cairn.server.http.RequestBodies;
import dev.cairn.server.openai.ChatRequestReader;
import dev.cairn.server.openai.CompletionRequestReader;
import dev.cairn.server.openai.ModelRegistry;
import dev.cairn.server.openai.ParsedRequest;
import dev.cairn.server.page.CorrectionRoutes;
import dev.cairn.server.page.PageFiles;
import dev.cairn.server.page.TraceRoutes;
import dev.cairn.text.completion.ServedModel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The paths of the server. */
record Routes(
        ModelRegistry models,
        RequestBodies bodies,
        int maxTokens,
        RequestQueue queue,
        CompletionHandler completions,
        Metrics metrics,
        TraceRoutes traces,
        CorrectionRoutes corrections) {
    private static final List<String> PATHS =
            List.of(
                    "/v1/models",
                    "/v1/chat/completions",
                    "/v1/completions",
                    "/tokenize",
                    "/health",
                    "/ready",
                    "/metrics");

    private static final List<String> PREFIXES =
            List.of("/v1/models/", "/api/traces", "/api/corrections", "/page/");

    void register(RoutesConfig routes) {
        GetRoute.add(routes, "/v1/models", ctx -> JsonResponse.send(ctx, 200, models.json()));
        GetRoute.add(routes, "/v1/models/<id>", this::model);
        routes.post("/v1/chat/completions", this::completeChat);
        routes.post("/v1/completions", this::complete);
        routes.post("/tokenize", this::tokenize);
        GetRoute.add(routes, "/health", ctx -> JsonResponse.send(ctx, 200, Map.of("status", "ok")));
        GetRoute.add(routes, "/ready", this::ready);
        GetRoute.add(routes, "/metrics", this::metrics);
        traces.register(routes);
        corrections.register(routes);
        GetRoute.add(routes, "/", ctx -> PageFiles.send(ctx, "index.html"));
        GetRoute.add(routes, "/page/<file>", ctx -> PageFiles.send(ctx, ctx.pathParam("file")));
    }

    private void model(Context ctx) {
        JsonResponse.send(ctx, 200, models.json(ctx.pathParam("id")));
    }

    private void completeChat(Context ctx) {
        complete(ctx, ChatRequestReader.read(bodies.read(ctx), models, maxTokens));
    }

    private void complete(Context ctx) {
        complete(ctx, CompletionRequestReader.read(bodies.read(ctx), models, maxTokens));
    }

    private void complete(Context ctx, ParsedRequest request) {
        RequestStats.of(ctx).model(request.modelId());
        completions.handle(ctx, request);
    }

    private void tokenize(Context ctx) {
        JsonFields fields = bodies.read(ctx);
        ServedModel model = models.namedOrFirst(fields);
        RequestStats.of(ctx).model(model.card().id());
        int[] tokens = model.tokenize(fields.requiredString("content"));
        JsonResponse.send(ctx, 200, Map.of("tokens", Arrays.stream(tokens).boxed().toList()));
    }

    private void ready(Context ctx) {
        if (queue.isFull()) {
            throw ApiException.notReady();
        }
        JsonResponse.send(ctx, 200, Map.of("status", "ready"));
    }

    private void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }

    /** The name of a path in the metrics: one of a fixed set, whatever path a caller sends. */
    static String metricName(String path) {
        if (path.equals("/")) {
            return "/page";
        }
        if (PATHS.contains(path)) {
            return path;
        }
        return PREFIXES.stream()
                .filter(path::startsWith)
                .map(prefix ->
                        prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix)
                .findFirst()
                .orElse("other");
    }
}
