package dev.cairn.server;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ClientDisconnected;
import dev.cairn.server.http.DisconnectDetector;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;

/** A request under way: how long it may take, and whether its client still waits for it. */
final class RequestContext {
    private final Instant started = Instant.now();
    private final long startNanos = System.nanoTime();
    private final Duration limit;
    private final DisconnectDetector hangup;
    private final GracefulShutdown closing;

    private RequestContext(Duration limit, DisconnectDetector hangup, GracefulShutdown closing) {
        this.limit = limit;
        this.hangup = hangup;
        this.closing = closing;
    }

    static RequestContext of(Context ctx, Duration limit, GracefulShutdown closing) {
        return new RequestContext(limit, DisconnectDetector.of(ctx), closing);
    }

    /**
     * Looks whether there is a reason to stop.
     *
     * @throws ClientDisconnected when the client hung up
     * @throws ApiException when the time is over, or that of the server
     */
    void check() {
        hangup.check();
        closing.checkEnded();
        if (System.nanoTime() - startNanos > limit.toNanos()) {
            throw ApiException.overdue(limit);
        }
    }

    Instant started() {
        return started;
    }

    Duration taken() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
