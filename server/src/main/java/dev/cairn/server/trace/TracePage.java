package dev.cairn.server.trace;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of traces found by a query, newest first.
 *
 * @param more whether there are older ones as well
 */
public record TracePage(List<Entry> traces, boolean more) {
    /** Maximum length of an entry's input and answer, in characters. */
    public static final int MAX_EXCERPT = 500;

    public TracePage {
        traces = List.copyOf(traces);
    }

    /**
     * A summary of a trace.
     *
     * @param input its first {@link #MAX_EXCERPT} characters
     * @param answer the same for the answer
     * @param rating rating of the completion; null if it is not rated
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
