package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.RequestBody;
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
import io.javalin.http.Handler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The addresses of the server. */
public record Routes(
        ModelRegistry models,
        ServerLimits limits,
        RequestQueue turnstile,
        CompletionHandler answering,
        Metrics metrics,
        TraceRoutes traces,
        CorrectionRoutes corrections) {
    private static final List<String> ROUTES =
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
        get(routes, "/v1/models", ctx -> RequestBody.write(ctx, 200, models.listJson()));
        get(routes, "/v1/models/<id>", this::model);
        routes.post("/v1/chat/completions", this::chat);
        routes.post("/v1/completions", this::complete);
        routes.post("/tokenize", this::tokenize);
        get(routes, "/health", ctx -> RequestBody.write(ctx, 200, Map.of("status", "ok")));
        get(routes, "/ready", this::ready);
        get(routes, "/metrics", this::metrics);
        traces.register(routes);
        corrections.register(routes);
        get(routes, "/", ctx -> PageFiles.serve(ctx, "index.html"));
        get(routes, "/page/<file>", ctx -> PageFiles.serve(ctx, ctx.pathParam("file")));
    }

    /** Also for HEAD, which Javalin would answer without asking the handler. */
    public static void get(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private void model(Context ctx) {
        RequestBody.write(ctx, 200, models.json(models.named(ctx.pathParam("id"))));
    }

    private void chat(Context ctx) {
        answer(ctx, ChatRequestReader.read(RequestBody.read(ctx, limits), models, limits));
    }

    private void complete(Context ctx) {
        answer(ctx, CompletionRequestReader.read(RequestBody.read(ctx, limits), models, limits));
    }

    private void answer(Context ctx, ParsedRequest question) {
        RequestStats.of(ctx).model(question.model().card().id());
        answering.answer(ctx, question);
    }

    private void tokenize(Context ctx) {
        JsonFields fields = RequestBody.read(ctx, limits);
        ServedModel model = models.namedOrFirst(fields);
        RequestStats.of(ctx).model(model.card().id());
        int[] tokens = model.tokenize(fields.requiredText("content"));
        RequestBody.write(ctx, 200, Map.of("tokens", Arrays.stream(tokens).boxed().toList()));
    }

    private void ready(Context ctx) {
        if (turnstile.isFull()) {
            throw ApiException.full();
        }
        RequestBody.write(ctx, 200, Map.of("status", "ready"));
    }

    private void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }

    /** The address as the metrics name it: never what a caller can make up. */
    static String nameOf(String path) {
        if (path.equals("/")) {
            return "/page";
        }
        if (ROUTES.contains(path)) {
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
