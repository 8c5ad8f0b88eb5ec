package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.RequestBodies;
import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The checks that every request must pass before its handler.
 *
 * @param host check of the host name; null allows any
 */
record RequestFilter(
        GracefulShutdown shutdown,
        @Nullable HostCheck host,
        CorsPolicy cors,
        ApiKeys keys,
        RequestBodies bodies) {

    void apply(Context ctx) {
        ctx.header("Cache-Control", "no-store");
        ctx.header("X-Content-Type-Options", "nosniff");
        checkHost(ctx);
        cors.allow(ctx);
        if (cors.isPreflight(ctx)) {
            cors.answerPreflight(ctx);
            ctx.skipRemainingHandlers();
            return;
        }
        if (!isPublic(ctx.path()) && !keys.allow(ctx.header("Authorization"))) {
            throw ApiException.unauthorized();
        }
        if (!ctx.path().equals("/health")) {
            shutdown.requestStarted();
            Request.addCompletionListener(
                    ServletContextRequest.getServletContextRequest(ctx.req()),
                    failure -> shutdown.requestFinished());
        }
        bodies.checkHeaders(ctx);
    }

    private void checkHost(Context ctx) {
        if (host != null && !host.allows(ctx.header("Host"))) {
            throw ApiException.refused(
                    403,
                    "wrong_host",
                    "this server answers to localhost and 127.0.0.1, not to '%s'; with an API key it answers to any name"
                            .formatted(ErrorText.excerpt(String.valueOf(ctx.header("Host")))));
        }
    }

    /** Paths without a key: what a browser loads before it can ask for one, and health checks. */
    private static boolean isPublic(String path) {
        return path.equals("/")
                || path.startsWith("/page/")
                || path.equals("/health")
                || path.equals("/ready");
    }
}
