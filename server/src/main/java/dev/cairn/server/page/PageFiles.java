package dev.cairn.server.page;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorResponses;
import dev.cairn.support.Sha256;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/** Serves the page's files, which are resources of this package. */
public final class PageFiles {
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> CONTENT_TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "json", "application/json",
                    "svg", "image/svg+xml",
                    "png", "image/png",
                    "ico", "image/x-icon",
                    "woff2", "font/woff2",
                    "webmanifest", "application/manifest+json");

    /** Paths of files in folders, without anything that could lead out of them. */
    private static final Pattern PATH =
            Pattern.compile("(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.[a-z0-9]+");

    private static final int TAG_DIGITS = 32;

    private PageFiles() {}

    /**
     * Sends a file.
     *
     * @throws ApiException with status 404 when there is no such file
     */
    public static void send(Context ctx, String path) {
        String type = CONTENT_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(path).matches()) {
            throw ErrorResponses.ofStatus(404);
        }
        byte[] bytes = read(path);
        String tag = '"' + Sha256.of(bytes).hex().substring(0, TAG_DIGITS) + '"';
        ctx.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        ctx.header("Referrer-Policy", "no-referrer");
        // A newer server has newer files, so the browser must check each time whether they have
        // changed.
        ctx.header("Cache-Control", "no-cache");
        ctx.header("ETag", tag);
        if (tag.equals(ctx.header("If-None-Match"))) {
            ctx.status(304);
        } else {
            ctx.contentType(type).result(bytes);
        }
    }

    private static byte[] read(String path) {
        try (InputStream in = PageFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                throw ErrorResponses.ofStatus(404);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw ApiException.internal("the page's file %s cannot be read".formatted(path));
        }
    }
}
