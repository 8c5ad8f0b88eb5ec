package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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
     * @param addSpecialTokens whether the special tokens that the tokenizer puts before a text come
     *     before the context; see {@link Tokenizer#encode(String, boolean)}
     * @param continuation the text to score
     * @param prefix the model's beginning-of-text token, or its end-of-text token if there is none;
     *     nothing is added to a text that already begins with it
     * @throws CairnException if the continuation is empty, has no token of its own because it fuses
     *     with the context's end, or has neither context nor prefix
     */
    public static Continuation of(
            Tokenizer tokenizer,
            String context,
            boolean addSpecialTokens,
            String continuation,
            OptionalInt prefix) {
        if (continuation.isEmpty()) {
            throw new CairnException("continuation: expected text to score, found none");
        }
        int end = contextEnd(context);
        int[] whole = tokenizer.encode(context + continuation);
        int[] before = tokenizer.encode(context.substring(0, end));
        if (before.length == 0) {
            return alone(whole, prefix);
        }
        if (prefix.isEmpty() || before[0] != prefix.getAsInt()) {
            whole = tokenizer.encode(context + continuation, addSpecialTokens);
            before = tokenizer.encode(context.substring(0, end), addSpecialTokens);
        }
        if (whole.length <= before.length) {
            throw new CairnException(
                    "continuation: \""
                            + continuation
                            + "\" fuses with the last token of the context; begin it with a space");
        }
        return new Continuation(before, Arrays.copyOfRange(whole, before.length, whole.length));
    }

    /**
     * Encodes a text that is learnt after a prompt, in the tokens in which it would be read there.
     * Some tokenizers put a blank before a text that stands alone, so a text after a prompt has
     * other tokens than the same text by itself.
     *
     * @param prompt what the model reads; its tokens are those it has in use, without the text
     * @param addSpecialTokens as in {@link #of}
     * @param text what the model learns to write; may be empty
     */
    public static Continuation learnt(
            Tokenizer tokenizer, String prompt, boolean addSpecialTokens, String text) {
        int[] before = tokenizer.encode(prompt, addSpecialTokens);
        int[] whole = tokenizer.encode(prompt + text, addSpecialTokens);
        return startsWith(whole, before)
                ? new Continuation(before, Arrays.copyOfRange(whole, before.length, whole.length))
                : new Continuation(before, running(tokenizer, text));
    }

    /**
     * The tokens of a text in the middle of another one, where the end of the prompt and the
     * beginning of the text would share a token: those that spell the text, no more and no less.
     */
    private static int[] running(Tokenizer tokenizer, String text) {
        int[] alone = tokenizer.encode(text);
        int[] line = tokenizer.encode("\n");
        int[] afterLine = tokenizer.encode("\n" + text);
        return !spells(tokenizer, alone, text) && startsWith(afterLine, line)
                ? Arrays.copyOfRange(afterLine, line.length, afterLine.length)
                : alone;
    }

    private static boolean spells(Tokenizer tokenizer, int[] ids, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            bytes.writeBytes(tokenizer.bytes(id));
        }
        return Arrays.equals(bytes.toByteArray(), text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean startsWith(int[] ids, int[] beginning) {
        return ids.length >= beginning.length
                && Arrays.equals(ids, 0, beginning.length, beginning, 0, beginning.length);
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
