package dev.cairn.server;

import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonCodec;
import dev.cairn.server.openai.TokenUsage;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A line for every request; what was asked and answered only where that is wanted.
 *
 * @param withPrompts whether prompts and answers are written, too
 */
record RequestLog(Consumer<String> lines, boolean withPrompts) {
    void request(Context ctx, Duration taken) {
        RequestStats told = RequestStats.of(ctx);
        StringBuilder line = new StringBuilder();
        line.append(ctx.req().getMethod()).append(' ').append(ErrorText.shortened(ctx.path()));
        if (told.model() != null) {
            line.append(" model=").append(told.model());
        }
        line.append(" status=").append(told.status(ctx));
        line.append(String.format(Locale.ROOT, " ms=%.1f", taken.toNanos() / 1e6));
        TokenUsage usage = told.usage();
        if (usage != null) {
            line.append(" read=").append(usage.read()).append(" written=").append(usage.written());
        }
        lines.accept(line.toString());
    }

    void answer(String input, String answer) {
        if (withPrompts) {
            lines.accept("asked " + JsonCodec.write(input) + " answered " + JsonCodec.write(answer));
        }
    }
}
