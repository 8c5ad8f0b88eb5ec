package dev.cairn.text.tokenizer;

import java.util.Arrays;

/**
 * Turns generated tokens into text as they arrive. A character that spans several tokens appears
 * once it is complete. Tokens are decoded as a continuation of the prompt, so the leading space
 * that some tokenizers drop at the beginning of a text is kept.
 *
 * <p>All pieces and the result of {@link #flush}, concatenated, are the text of the generated
 * tokens. The cost per token does not grow with the length of the text: only the tokens of an
 * unfinished character are decoded again, after one token of context.
 */
public final class StreamingDetokenizer {
    private final Tokenizer tokenizer;

    /**
     * One token before {@link #window}, or none at the very beginning of a text. One is enough,
     * because decoders treat only the first token of a text specially.
     */
    private int[] anchor = {};

    private int anchorLength;
    private int[] window = {};

    private StreamingDetokenizer(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * A stream that continues a prompt.
     *
     * @param prompt the tokens the model has read; empty at the beginning of a text
     */
    public static StreamingDetokenizer of(Tokenizer tokenizer, int[] prompt) {
        StreamingDetokenizer stream = new StreamingDetokenizer(tokenizer);
        for (int i = prompt.length - 1; i >= 0 && stream.anchor.length == 0; i--) {
            stream.anchorAt(prompt[i]);
        }
        return stream;
    }

    /** Adds one token and returns the text that has become final, often one word, possibly "". */
    public String push(int token) {
        window = Arrays.copyOf(window, window.length + 1);
        window[window.length - 1] = token;
        String text = windowText();
        if (endsIncomplete(text)) {
            return "";
        }
        window = new int[0];
        anchorAt(token);
        return text;
    }

    /** Whether a character is incomplete, so that its text is held back. */
    public boolean isHoldingBack() {
        return window.length > 0;
    }

    /** The text still held back: U+FFFD for bytes that never became a complete character. */
    public String flush() {
        String text = windowText();
        window = new int[0];
        return text;
    }

    private String windowText() {
        if (window.length == 0) {
            return "";
        }
        int[] tokens = Arrays.copyOf(anchor, anchor.length + window.length);
        System.arraycopy(window, 0, tokens, anchor.length, window.length);
        return tokenizer.decode(tokens).substring(anchorLength);
    }

    /**
     * Skips special tokens, which have no text, and partial characters, which would fuse with what
     * follows.
     */
    private void anchorAt(int token) {
        int[] candidate = {token};
        String text = tokenizer.decode(candidate);
        if (tokenizer.standsForText(token) && !endsIncomplete(text)) {
            anchor = candidate;
            anchorLength = text.length();
        }
    }

    private static boolean endsIncomplete(String text) {
        return !text.isEmpty() && text.charAt(text.length() - 1) == Texts.REPLACEMENT;
    }
}
