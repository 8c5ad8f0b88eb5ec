package dev.cairn.server.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends responses with a JSON body. */
public final class JsonResponse {
    private static final int CHUNK_BYTES = 1 << 14;
    private static final long MAX_DRAINED_BYTES = 64L << 20;
    private static final Duration MAX_DRAINING = Duration.ofSeconds(5);

    private JsonResponse() {}

    public static void send(Context ctx, int status, Object json) {
        ctx.status(status).contentType("application/json").result(JsonCodec.write(json));
    }

    /**
     * Sends the response to a request whose body is not read to its end. Closing a connection with
     * unread input resets it, and then the client may lose the response; so further input is read
     * and discarded for a while.
     */
    static void sendBeforeBodyEnds(Context ctx, int status, Object json) {
        send(ctx, status, json);
        try {
            byte[] response = String.valueOf(ctx.result()).getBytes(StandardCharsets.UTF_8);
            ctx.res().setContentLength(response.length);
            ctx.res().getOutputStream().write(response);
            ctx.res().flushBuffer();
            ctx.result("");
            if (ctx.header("Expect") == null) {
                drain(ctx.req().getInputStream());
            }
        } catch (IOException e) {
            // The client has disconnected; nothing more to do.
        }
    }

    private static void drain(InputStream in) throws IOException {
        long start = System.nanoTime();
        byte[] chunk = new byte[CHUNK_BYTES];
        long left = MAX_DRAINED_BYTES;
        for (int n = 0; n >= 0 && left > 0; n = in.read(chunk)) {
            left -= n;
            if (System.nanoTime() - start > MAX_DRAINING.toNanos()) {
                return;
            }
        }
    }
}
