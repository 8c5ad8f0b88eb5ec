package dev.cairn.text;

import dev.cairn.CairnException;
import java.util.Arrays;

/**
 * A context and what follows it, as token ids ready for scoring. The split follows
 * lm-evaluation-harness: trailing white space of the context moves to the continuation; the
 * continuation's tokens are what tokens(context + continuation) has beyond the length of
 * tokens(context).
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
     * @param context what the model reads; when it is empty or only white space, the first token of
     *     the whole stands for it, so a continuation of one token has nothing left to score
     * @param continuation what is scored
     * @throws CairnException when the continuation is empty, or has no token of its own because it
     *     fuses with the context's end
     */
    public static Continuation of(Tokenizer tokenizer, String context, String continuation) {
        if (continuation.isEmpty()) {
            throw new CairnException("continuation: expected text to score, found none");
        }
        int end = contextEnd(context);
        int[] whole = tokenizer.encode(context + continuation);
        int[] before = tokenizer.encode(context.substring(0, end));
        if (before.length == 0) {
            return new Continuation(
                    Arrays.copyOf(whole, 1), Arrays.copyOfRange(whole, 1, whole.length));
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

    /** What the model reads first; at least one token. */
    public int[] contextIds() {
        return contextIds.clone();
    }

    /** The tokens to score after it. */
    public int[] continuationIds() {
        return continuationIds.clone();
    }

    /** White space as Python's {@code str.rstrip} sees it: no-break spaces and U+0085 as well. */
    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint)
                || Character.isSpaceChar(codePoint)
                || codePoint == 0x85;
    }
}
