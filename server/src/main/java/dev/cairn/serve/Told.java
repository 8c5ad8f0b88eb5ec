package dev.cairn.serve;

import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** What the log and the metrics are told of a request, beside what HTTP says of it. */
final class Told {
    private static final String KEY = Told.class.getName();

    private @Nullable String model;
    private @Nullable Usage usage;
    private int status;

    /** That of a request. */
    static Told of(Context ctx) {
        Told told = ctx.attribute(KEY);
        if (told == null) {
            told = new Told();
            ctx.attribute(KEY, told);
        }
        return told;
    }

    void model(String id) {
        model = id;
    }

    void usage(Usage tokens) {
        usage = tokens;
    }

    /** What the status would have been, had the answer not begun already. */
    void failedWith(int lateStatus) {
        status = lateStatus;
    }

    @Nullable String model() {
        return model;
    }

    @Nullable Usage usage() {
        return usage;
    }

    int status(Context ctx) {
        return status == 0 ? ctx.statusCode() : status;
    }
}
