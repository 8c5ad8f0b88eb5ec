package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A context and its continuation as token ids, ready for scoring. The split follows
 * lm-evaluation-harness: trailing white space of the context moves to the continuation; the
 * continuation's tokens are those of tokens(context + continuation) after the first
 * |tokens(context)|.
 */
public final class Continuation {
    private final int[] contextIds;
    private final int[] continuationIds;

    private Continuation(int[] contextIds, int[] continuationIds) {
        this.contextIds = contextIds;
        this.continuationIds = continuationIds;
    }

    /**
     * Splits two texts.
     *
     * @param context what the model reads; if it is empty or only white space, {@code prefix}
     *     replaces it
     * @param continuation the text to score
     * @param prefix the model's beginning-of-text token, or its end-of-text token if there is none;
     *     not added to a text that already begins with it
     * @throws CairnException if the continuation is empty, has no token of its own because it fuses
     *     with the context's end, or has neither context nor prefix
     */
    public static Continuation of(
            Tokenizer tokenizer, String context, String continuation, OptionalInt prefix) {
        if (continuation.isEmpty()) {
            throw new CairnException("continuation: expected text to score, found none");
        }
        int end = contextEnd(context);
        int[] whole = tokenizer.encode(context + continuation);
        int[] before = tokenizer.encode(context.substring(0, end));
        if (before.length == 0) {
            return alone(whole, prefix);
        }
        if (whole.length <= before.length) {
            throw new CairnException(
                    "continuation: \""
                            + continuation
                            + "\" fuses with the last token of the context; begin it with a space");
        }
        return new Continuation(before, Arrays.copyOfRange(whole, before.length, whole.length));
    }

    /** Where a context ends once its trailing white space has moved to the continuation. */
    public static int contextEnd(String context) {
        int end = context.length();
        while (end > 0 && isSpace(context.codePointBefore(end))) {
            end -= Character.charCount(context.codePointBefore(end));
        }
        return end;
    }

    private static Continuation alone(int[] whole, OptionalInt prefix) {
        if (prefix.isEmpty()) {
            throw new CairnException(
                    "context: expected at least one token, found none, and the model names no token"
                            + " that begins or ends a text; give a context");
        }
        return whole.length > 0 && whole[0] == prefix.getAsInt()
                ? new Continuation(
                        Arrays.copyOf(whole, 1), Arrays.copyOfRange(whole, 1, whole.length))
                : new Continuation(new int[] {prefix.getAsInt()}, whole);
    }

    /** The context's token ids; at least one. */
    public int[] contextIds() {
        return contextIds.clone();
    }

    /** The token ids to score after the context. */
    public int[] continuationIds() {
        return continuationIds.clone();
    }

    /** White space as in Python's {@code str.rstrip}, which includes no-break spaces and U+0085. */
    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || codePoint == 0x85;
    }
}
