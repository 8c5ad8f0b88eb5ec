package dev.cairn.server;

import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonCodec;
import dev.cairn.server.openai.TokenUsage;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Logs one line for every request.
 *
 * @param logsPrompts whether prompts and completions are logged as well
 */
record RequestLog(Consumer<String> lines, boolean logsPrompts) {
    void request(Context ctx, Duration elapsed) {
        RequestStats stats = RequestStats.of(ctx);
        StringBuilder line = new StringBuilder();
        line.append(ctx.req().getMethod()).append(' ').append(ErrorText.excerpt(ctx.path()));
        if (stats.model() != null) {
            line.append(" model=").append(stats.model());
        }
        line.append(" status=").append(stats.status(ctx));
        line.append(String.format(Locale.ROOT, " ms=%.1f", elapsed.toNanos() / 1e6));
        TokenUsage usage = stats.usage();
        if (usage != null) {
            line.append(" read=").append(usage.prompt());
            line.append(" written=").append(usage.completion());
        }
        lines.accept(line.toString());
    }

    void completion(String prompt, String completion) {
        if (logsPrompts) {
            lines.accept(
                    "asked "
                            + JsonCodec.write(prompt)
                            + " answered "
                            + JsonCodec.write(completion));
        }
    }
}
