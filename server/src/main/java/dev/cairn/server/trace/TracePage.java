package dev.cairn.server.trace;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Traces that a query found, newest first.
 *
 * @param more whether there are older ones as well
 */
public record TracePage(List<Entry> traces, boolean more) {
    /** The most characters of an entry's input and of its answer. */
    public static final int MAX_EXCERPT = 500;

    public TracePage {
        traces = List.copyOf(traces);
    }

    /**
     * A trace in brief.
     *
     * @param input its first {@link #MAX_EXCERPT} characters
     * @param answer likewise
     * @param rating of the completion; null when nobody rated it
     */
    public record Entry(
            String id,
            Instant created,
            String model,
            String input,
            String answer,
            @Nullable Rating rating,
            double millis) {}
}
