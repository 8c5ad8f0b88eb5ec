package dev.cairn.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Registers routes for GET. */
public final class GetRoute {
    private GetRoute() {}

    /** Registers a handler for GET and HEAD; Javalin would answer HEAD without the handler. */
    public static void add(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }
}
