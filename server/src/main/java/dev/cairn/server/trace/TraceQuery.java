package dev.cairn.server.trace;

import org.jspecify.annotations.Nullable;

/**
 * A query for traces, newest first. A null component sets no restriction.
 *
 * @param words separated by white space; each must occur in the input, the answer, a prompt or an
 *     output, as a word or as part of one, ignoring case; never read as a query language
 * @param model id of the model
 * @param rating rating of the completion
 * @param limit maximum number of traces
 * @param before only traces older than the one with this id
 */
public record TraceQuery(
        @Nullable String words,
        @Nullable String model,
        @Nullable Rating rating,
        int limit,
        @Nullable String before) {
    /** Maximum length of {@link #words} that callers should accept, in characters. */
    public static final int MAX_WORDS_LENGTH = 200;

    /** The newest traces, without restrictions. */
    public static TraceQuery newest(int limit) {
        return new TraceQuery(null, null, null, limit, null);
    }
}
