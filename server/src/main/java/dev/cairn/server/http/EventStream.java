package dev.cairn.server.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An answer as server-sent events. Nothing is sent before there is something to say, so that a
 * request that fails at once fails with a status of its own. Several threads may send.
 */
public final class EventStream {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Context ctx;
    private volatile @Nullable ServletOutputStream out;
    private volatile long lastNanos = System.nanoTime();

    public EventStream(Context ctx) {
        this.ctx = ctx;
    }

    public boolean hasBegun() {
        return out != null;
    }

    /** Sends an event. */
    public void send(Object json) {
        write("data: " + JsonCodec.write(json) + "\n\n");
    }

    /** Says that nothing more comes. */
    public void done() {
        write("data: [DONE]\n\n");
    }

    /** Shows that the connection lives, when nothing was sent for a while. */
    public void beat() {
        if (System.nanoTime() - lastNanos > LONGEST_SILENCE.toNanos()) {
            write(": waiting\n\n");
        }
    }

    private void write(String event) {
        lock.lock();
        try {
            ServletOutputStream stream = begun();
            stream.write(event.getBytes(StandardCharsets.UTF_8));
            // A client that does not read stops this thread here, and nobody else.
            stream.flush();
            lastNanos = System.nanoTime();
        } catch (IOException e) {
            throw new ClientDisconnected();
        } finally {
            lock.unlock();
        }
    }

    private ServletOutputStream begun() throws IOException {
        ServletOutputStream stream = out;
        if (stream == null) {
            ctx.status(200);
            ctx.contentType("text/event-stream; charset=utf-8");
            // Asks proxies to pass on what comes as it comes.
            ctx.header("X-Accel-Buffering", "no");
            stream = ctx.res().getOutputStream();
            out = stream;
        }
        return stream;
    }
}
