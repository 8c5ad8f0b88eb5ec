package dev.cairn.server;

import io.javalin.http.Context;
import java.util.List;
import java.util.regex.Pattern;

/** The origins whose pages may call this server from a browser. */
record CorsPolicy(List<String> origins) {
    private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9, -]{1,1000}");

    /** Allows the page to read the response, if its origin is on the list. */
    void allow(Context ctx) {
        String origin = ctx.header("Origin");
        if (origins.isEmpty() || origin == null) {
            return;
        }
        ctx.res().addHeader("Vary", "Origin");
        boolean all = origins.contains("*");
        if (all || origins.contains(origin)) {
            ctx.header("Access-Control-Allow-Origin", all ? "*" : origin);
            ctx.header("Access-Control-Expose-Headers", "Retry-After");
        }
    }

    /** Whether this is the browser's request for permission, which it sends without a key. */
    boolean isPreflight(Context ctx) {
        return !origins.isEmpty()
                && ctx.req().getMethod().equals("OPTIONS")
                && ctx.header("Origin") != null
                && ctx.header("Access-Control-Request-Method") != null;
    }

    void answerPreflight(Context ctx) {
        ctx.status(204);
        ctx.header("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
        String headers = ctx.header("Access-Control-Request-Headers");
        if (headers != null && HEADER_NAMES.matcher(headers).matches()) {
            ctx.header("Access-Control-Allow-Headers", headers);
        }
        ctx.header("Access-Control-Max-Age", "600");
    }
}
