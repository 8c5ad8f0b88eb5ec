package dev.cairn.serve;

import dev.cairn.Sha256;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/** The page and its files, which lie beside these classes. */
final class Page {
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES =
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

    /** Names of files in folders; nothing that could lead out of them. */
    private static final Pattern PATH =
            Pattern.compile("(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*\\.[a-z0-9]+");

    private static final int TAG_DIGITS = 32;

    private Page() {}

    static void serve(Context ctx, String path) {
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(path).matches()) {
            throw Failures.http(404);
        }
        byte[] bytes = read(path);
        String tag = '"' + Sha256.of(bytes).hex().substring(0, TAG_DIGITS) + '"';
        ctx.header("Content-Security-Policy", POLICY);
        ctx.header("Referrer-Policy", "no-referrer");
        // A newer server brings newer files: the browser asks each time, and is told "the same".
        ctx.header("Cache-Control", "no-cache");
        ctx.header("ETag", tag);
        if (tag.equals(ctx.header("If-None-Match"))) {
            ctx.status(304);
        } else {
            ctx.contentType(type).result(bytes);
        }
    }

    private static byte[] read(String path) {
        try (InputStream in = Page.class.getResourceAsStream("page/" + path)) {
            if (in == null) {
                throw Failures.http(404);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw Problem.failed("the page's file %s cannot be read".formatted(path));
        }
    }
}
