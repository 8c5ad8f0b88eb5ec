package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.RequestBody;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** What every request passes before it is looked at. */
record RequestFilter(GracefulShutdown closing, @Nullable HostCheck host, CorsPolicy cors, ApiKeys access, ServerLimits limits) {
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    void pass(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        ctx.header("X-Content-Type-Options", "nosniff");
        checkHost(ctx);
        cors.allow(ctx);
        if (cors.isPreflight(ctx)) {
            cors.answerPreflight(ctx);
            ctx.skipRemainingHandlers();
            return;
        }
        if (!isOpenToAll(ctx.path()) && !access.allows(ctx.header("Authorization"))) {
            throw ApiException.unauthorized();
        }
        if (!ctx.path().equals("/health")) {
            closing.enter();
            Request.addCompletionListener(
                    ServletContextRequest.getServletContextRequest(ctx.req()),
                    failure -> closing.leave());
        }
        checkBody(ctx);
    }

    private void checkHost(Context ctx) {
        if (host != null && !host.allows(ctx.header("Host"))) {
            throw ApiException.refused(
                    403,
                    "wrong_host",
                    "this server answers to localhost and 127.0.0.1, not to '%s'; with an API key it answers to any name"
                            .formatted(ErrorText.shortened(String.valueOf(ctx.header("Host")))));
        }
    }

    /** What a browser must load before it can ask for a key, and what a watchdog looks at. */
    private static boolean isOpenToAll(String path) {
        return path.equals("/")
                || path.startsWith("/page/")
                || path.equals("/health")
                || path.equals("/ready");
    }

    private void checkBody(Context ctx) {
        if (!WITH_BODY.contains(ctx.req().getMethod())) {
            return;
        }
        if (!isJson(ctx.contentType())) {
            throw ApiException.refused(
                    415,
                    "unsupported_media_type",
                    "send JSON, with the header Content-Type: application/json");
        }
        String encoding = ctx.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw ApiException.refused(
                    415,
                    "unsupported_media_type",
                    "send the body as it is, without compressing it");
        }
        if (ctx.req().getContentLengthLong() > limits.bodyBytes()) {
            throw RequestBody.tooLarge(limits.bodyBytes());
        }
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int end = type.indexOf(';');
        String bare = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return bare.equals("application/json");
    }
}
