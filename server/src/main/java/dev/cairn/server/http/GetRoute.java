package dev.cairn.server.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** Routes for GET. */
public final class GetRoute {
    private GetRoute() {}

    /** Registers a handler for GET and for HEAD, which Javalin would answer without asking it. */
    public static void add(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }
}
