package dev.cairn.server.trace;

import dev.cairn.support.Range;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings for storing and sending traces.
 *
 * @param file the SQLite file; null stores none
 * @param maxTraces maximum number of stored traces, at least 1; the oldest are deleted first
 * @param maxAge maximum age of stored traces
 * @param spans destination of spans; null sends none
 */
public record TraceSettings(
        @Nullable Path file, int maxTraces, Duration maxAge, @Nullable SpanSettings spans) {
    /** Ten thousand traces. */
    public static final int DEFAULT_MAX_TRACES = 10_000;

    /** Thirty days. */
    public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(30);

    public TraceSettings {
        Range.atLeast("maxTraces", maxTraces, 1);
    }

    /** Stores traces in a file with the default limits, without spans. */
    public static TraceSettings in(Path file) {
        return new TraceSettings(file, DEFAULT_MAX_TRACES, DEFAULT_MAX_AGE, null);
    }
}
