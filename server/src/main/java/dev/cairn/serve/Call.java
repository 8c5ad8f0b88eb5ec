package dev.cairn.serve;

import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;

/** A request under way: how long it may take, and whether its client still waits for it. */
final class Call {
    private final Instant started = Instant.now();
    private final long startNanos = System.nanoTime();
    private final Duration limit;
    private final Hangup hangup;
    private final Closing closing;

    private Call(Duration limit, Hangup hangup, Closing closing) {
        this.limit = limit;
        this.hangup = hangup;
        this.closing = closing;
    }

    static Call of(Context ctx, Duration limit, Closing closing) {
        return new Call(limit, Hangup.of(ctx), closing);
    }

    /**
     * Looks whether there is a reason to stop.
     *
     * @throws Gone when the client hung up
     * @throws Problem when the time is over, or that of the server
     */
    void check() {
        hangup.check();
        closing.checkEnded();
        if (System.nanoTime() - startNanos > limit.toNanos()) {
            throw Problem.overdue(limit);
        }
    }

    Instant started() {
        return started;
    }

    Duration taken() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
