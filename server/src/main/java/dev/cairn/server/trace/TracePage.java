package dev.cairn.server.trace;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Traces that were found, newest first.
 *
 * @param more whether older ones fit as well
 */
public record TracePage(List<Entry> traces, boolean more) {
    /** Characters of an entry's input and answer. */
    public static final int EXCERPT = 500;

    public TracePage {
        traces = List.copyOf(traces);
    }

    /**
     * What a list says of a trace.
     *
     * @param input its beginning, {@link #EXCERPT} characters at most
     * @param answer likewise
     * @param mark of the answer; null when nobody marked it
     */
    public record Entry(
            String id,
            Instant created,
            String model,
            String input,
            String answer,
            @Nullable Rating mark,
            double millis) {}
}
