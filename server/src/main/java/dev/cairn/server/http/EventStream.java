package dev.cairn.server.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A response of server-sent events. Nothing is sent before the first event, so a request that fails
 * early can still have its own status. Thread-safe.
 */
public final class EventStream {
    private static final Duration MAX_SILENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Context ctx;
    private volatile @Nullable ServletOutputStream out;
    private final LongSupplier nanoTime;
    private volatile long lastNanos;

    /**
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    public EventStream(Context ctx, LongSupplier nanoTime) {
        this.ctx = ctx;
        this.nanoTime = nanoTime;
        this.lastNanos = nanoTime.getAsLong();
    }

    /** Whether the status has been sent. */
    public boolean hasStarted() {
        return out != null;
    }

    /**
     * Sends an event; blocks while the client does not read.
     *
     * @throws ClientDisconnected if it cannot be sent
     */
    public void send(Object json) {
        write("data: " + JsonCodec.write(json) + "\n\n");
    }

    /** Sends the mark that ends a stream. */
    public void done() {
        write("data: [DONE]\n\n");
    }

    /**
     * Sends a comment if nothing has been sent for a while, so that no proxy drops the connection.
     */
    public void keepAlive() {
        if (nanoTime.getAsLong() - lastNanos > MAX_SILENCE.toNanos()) {
            write(": waiting\n\n");
        }
    }

    private void write(String event) {
        lock.lock();
        try {
            ServletOutputStream stream = started();
            stream.write(event.getBytes(StandardCharsets.UTF_8));
            // A client that does not read blocks this thread and no other.
            stream.flush();
            lastNanos = nanoTime.getAsLong();
        } catch (IOException e) {
            throw new ClientDisconnected();
        } finally {
            lock.unlock();
        }
    }

    private ServletOutputStream started() throws IOException {
        ServletOutputStream stream = out;
        if (stream == null) {
            ctx.status(200);
            ctx.contentType("text/event-stream; charset=utf-8");
            // Asks proxies to pass events on at once.
            ctx.header("X-Accel-Buffering", "no");
            stream = ctx.res().getOutputStream();
            out = stream;
        }
        return stream;
    }
}
