package dev.cairn.server;

import dev.cairn.server.openai.TokenUsage;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Figures about a request for the log and the metrics. */
final class RequestStats {
    private static final String KEY = RequestStats.class.getName();

    private @Nullable String model;
    private @Nullable TokenUsage usage;
    private int lateStatus;

    /** The figures of a request, created at the first call. */
    static RequestStats of(Context ctx) {
        RequestStats stats = ctx.attribute(KEY);
        if (stats == null) {
            stats = new RequestStats();
            ctx.attribute(KEY, stats);
        }
        return stats;
    }

    void model(String id) {
        model = id;
    }

    void usage(TokenUsage tokens) {
        usage = tokens;
    }

    /** The status of a failure after the response had started. */
    void lateStatus(int status) {
        lateStatus = status;
    }

    @Nullable String model() {
        return model;
    }

    @Nullable TokenUsage usage() {
        return usage;
    }

    int status(Context ctx) {
        return lateStatus == 0 ? ctx.statusCode() : lateStatus;
    }
}
