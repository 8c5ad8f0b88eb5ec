package dev.cairn.server;

import dev.cairn.Cancellation;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ClientDisconnected;
import dev.cairn.server.http.DisconnectDetector;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * A request that is being processed. This is the only place that decides whether work on it must
 * stop: because the client has disconnected, the time is up, the server is shutting down, or
 * another part of the request has failed. Thread-safe.
 */
final class RequestContext implements Cancellation {
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final DisconnectDetector client;
    private final GracefulShutdown shutdown;
    private final Duration timeout;
    private volatile boolean isCancelled;

    private RequestContext(
            DisconnectDetector client,
            GracefulShutdown shutdown,
            Duration timeout,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.client = client;
        this.shutdown = shutdown;
        this.timeout = timeout;
    }

    /**
     * The context of a request whose body has been read to its end.
     *
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    static RequestContext of(
            Context ctx, GracefulShutdown shutdown, Duration timeout, LongSupplier nanoTime) {
        return new RequestContext(DisconnectDetector.of(ctx), shutdown, timeout, nanoTime);
    }

    /** Makes every further check fail. */
    void cancel() {
        isCancelled = true;
    }

    /**
     * Checks that the request is still worth working on.
     *
     * @throws ClientDisconnected when the client has disconnected
     * @throws ApiException when the request takes too long, or the server is shutting down
     * @throws CancellationException after {@link #cancel}
     */
    @Override
    public void check() {
        if (isCancelled) {
            throw new CancellationException("another part of the request has failed");
        }
        client.check();
        shutdown.check();
        if (elapsed().compareTo(timeout) > 0) {
            throw ApiException.timedOut(timeout);
        }
    }

    /** Time since the request was read. */
    Duration elapsed() {
        return Duration.ofNanos(nanoTime.getAsLong() - startNanos);
    }
}
