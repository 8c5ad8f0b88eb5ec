package dev.cairn.server;

import dev.cairn.server.openai.TokenUsage;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** What the log and the metrics are told of a request, beside what HTTP says of it. */
final class RequestStats {
    private static final String KEY = RequestStats.class.getName();

    private @Nullable String model;
    private @Nullable TokenUsage usage;
    private int status;

    /** That of a request. */
    static RequestStats of(Context ctx) {
        RequestStats told = ctx.attribute(KEY);
        if (told == null) {
            told = new RequestStats();
            ctx.attribute(KEY, told);
        }
        return told;
    }

    void model(String id) {
        model = id;
    }

    void usage(TokenUsage tokens) {
        usage = tokens;
    }

    /** What the status would have been, had the answer not begun already. */
    void failedWith(int lateStatus) {
        status = lateStatus;
    }

    @Nullable String model() {
        return model;
    }

    @Nullable TokenUsage usage() {
        return usage;
    }

    int status(Context ctx) {
        return status == 0 ? ctx.statusCode() : status;
    }
}
