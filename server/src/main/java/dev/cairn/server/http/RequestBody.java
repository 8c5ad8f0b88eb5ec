package dev.cairn.server.http;

import dev.cairn.server.ServerLimits;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The bodies of requests, which are bounded, and of answers. */
public final class RequestBody {
    private static final int CHUNK = 1 << 14;
    private static final long MOST_THROWN_AWAY = 64L << 20;
    private static final Duration LONGEST_THROWING_AWAY = Duration.ofSeconds(5);

    private RequestBody() {}

    public static void write(Context ctx, int status, Object json) {
        ctx.status(status).contentType("application/json").result(JsonCodec.write(json));
    }

    /**
     * Reads a request's JSON.
     *
     * @throws ApiException when it is too large, comes too slowly, or is no JSON
     * @throws ClientDisconnected when the client hung up before its end
     */
    public static JsonFields read(Context ctx, ServerLimits limits) {
        return JsonCodec.read(bytes(ctx, limits.bodyBytes(), limits.timeout()));
    }

    private static byte[] bytes(Context ctx, long most, Duration limit) {
        long start = System.nanoTime();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = ctx.req().getInputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                bytes.write(chunk, 0, n);
                if (bytes.size() > most) {
                    throw tooLarge(most);
                }
                if (System.nanoTime() - start > limit.toNanos()) {
                    throw ApiException.refused(408, "request_timeout", "the body came too slowly");
                }
            }
        } catch (IOException e) {
            throw ErrorResponses.reading(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Sends the answer to a request whose body is not read to its end. A connection that is closed
     * while something unread is left ends with a reset, and the client may lose the answer over it;
     * so for a while what comes is thrown away.
     */
    static void sendBeforeTheRestComes(Context ctx) {
        long start = System.nanoTime();
        try {
            byte[] answer = String.valueOf(ctx.result()).getBytes(StandardCharsets.UTF_8);
            ctx.res().setContentLength(answer.length);
            ctx.res().getOutputStream().write(answer);
            ctx.res().flushBuffer();
            ctx.result("");
            if (ctx.header("Expect") != null) {
                return;
            }
            InputStream in = ctx.req().getInputStream();
            byte[] chunk = new byte[CHUNK];
            long left = MOST_THROWN_AWAY;
            for (int n = 0; n >= 0 && left > 0; n = in.read(chunk)) {
                left -= n;
                if (System.nanoTime() - start > LONGEST_THROWING_AWAY.toNanos()) {
                    return;
                }
            }
        } catch (IOException e) {
            // The client has left; it will not miss the rest.
        }
    }

    public static ApiException tooLarge(long most) {
        return ApiException.refused(
                413,
                "request_too_large",
                "the body is larger than the %d bytes that are read; send less".formatted(most));
    }
}
