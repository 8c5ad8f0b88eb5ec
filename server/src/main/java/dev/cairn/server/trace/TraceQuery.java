package dev.cairn.server.trace;

import org.jspecify.annotations.Nullable;

/**
 * Which traces are wanted, newest first; what is null does not matter.
 *
 * @param words each of these, divided by white space, must stand in the input, the answer, a prompt
 *     or an output, as a word or a part of one, in whatever case; never read as a query language
 * @param model id of the model that was asked
 * @param mark of the answer
 * @param limit how many at most
 * @param before only traces older than the one of this id
 */
public record TraceQuery(
        @Nullable String words,
        @Nullable String model,
        @Nullable Rating mark,
        int limit,
        @Nullable String before) {
    /** Characters of {@link #words}. */
    public static final int LONGEST = 200;

    /** All of them, the newest first. */
    public static TraceQuery newest(int limit) {
        return new TraceQuery(null, null, null, limit, null);
    }
}
