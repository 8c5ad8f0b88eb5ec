package dev.cairn.server.http;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests, which are JSON of bounded size.
 *
 * @param maxBytes the largest body that is read
 * @param timeout how long a body may take to arrive
 */
public record RequestBodies(long maxBytes, Duration timeout) {
    private static final Set<String> METHODS_WITH_BODY = Set.of("POST", "PUT", "PATCH");
    private static final int CHUNK_BYTES = 1 << 14;

    /**
     * Checks the headers that describe the body, before any of it is read.
     *
     * @throws ApiException with status 415 when it is not plain JSON, 413 when it is too large
     */
    public void checkHeaders(Context ctx) {
        if (!METHODS_WITH_BODY.contains(ctx.req().getMethod())) {
            return;
        }
        if (!isJson(ctx.contentType())) {
            throw unsupported("send JSON, with the header Content-Type: application/json");
        }
        String encoding = ctx.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw unsupported("send the body uncompressed");
        }
        if (ctx.req().getContentLengthLong() > maxBytes) {
            throw tooLarge();
        }
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int end = type.indexOf(';');
        String bare = (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        return bare.equals("application/json");
    }

    private static ApiException unsupported(String message) {
        return ApiException.refused(415, "unsupported_media_type", message);
    }

    /**
     * Reads a request's JSON.
     *
     * @throws ApiException when it is too large, arrives too slowly, or is not a JSON object
     * @throws ClientDisconnected when the client disconnected before its end
     */
    public JsonFields read(Context ctx) {
        return JsonCodec.read(bytes(ctx));
    }

    private byte[] bytes(Context ctx) {
        long start = System.nanoTime();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            InputStream in = ctx.req().getInputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                bytes.write(chunk, 0, n);
                if (bytes.size() > maxBytes) {
                    throw tooLarge();
                }
                if (System.nanoTime() - start > timeout.toNanos()) {
                    throw ApiException.refused(
                            408, "request_timeout", "the body arrived too slowly");
                }
            }
        } catch (IOException e) {
            throw ErrorResponses.readingBody(e);
        }
        return bytes.toByteArray();
    }

    private ApiException tooLarge() {
        return ApiException.refused(
                413,
                "request_too_large",
                "the body is larger than the limit of %d bytes; send less".formatted(maxBytes));
    }
}
