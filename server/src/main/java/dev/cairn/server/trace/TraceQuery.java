package dev.cairn.server.trace;

import org.jspecify.annotations.Nullable;

/**
 * Which traces to list, newest first. A component that is null does not restrict them.
 *
 * @param words separated by white space; each must occur in the input, the answer, a prompt or an
 *     output, as a word or as part of one, ignoring case; never read as a query language
 * @param model id of the model
 * @param rating of the completion
 * @param limit how many at most
 * @param before only traces older than the one with this id
 */
public record TraceQuery(
        @Nullable String words,
        @Nullable String model,
        @Nullable Rating rating,
        int limit,
        @Nullable String before) {
    /** The most characters of {@link #words} that callers should accept. */
    public static final int MAX_WORDS_LENGTH = 200;

    /** The newest traces, whatever they are. */
    public static TraceQuery newest(int limit) {
        return new TraceQuery(null, null, null, limit, null);
    }
}
