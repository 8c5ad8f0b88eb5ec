package dev.cairn.server.trace;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of answers, and for how long.
 *
 * @param file where traces are kept; null keeps none
 * @param mostTraces how many at most, at least 1; the oldest go first
 * @param longest how old a trace may get
 * @param spans where spans are sent; null sends none
 */
public record TraceSettings(
        @Nullable Path file, int mostTraces, Duration longest, @Nullable SpanSettings spans) {
    /** Ten thousand traces. */
    public static final int MOST_TRACES = 10_000;

    /** Thirty days. */
    public static final Duration LONGEST = Duration.ofDays(30);

    public TraceSettings {
        if (mostTraces < 1) {
            throw new IllegalArgumentException("most traces: expected at least 1");
        }
    }

    /** Traces in a file, as many and as long as is usual. */
    public static TraceSettings in(Path file) {
        return new TraceSettings(file, MOST_TRACES, LONGEST, null);
    }
}
