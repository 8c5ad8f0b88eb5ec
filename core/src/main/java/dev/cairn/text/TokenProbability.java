package dev.cairn.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and its probability under the model.
 *
 * @param text what it adds to the text; U+FFFD where it is part of a character
 * @param bytes its UTF-8 bytes, 0 to 255 each; only this token's part of a character that spans
 *     several tokens
 * @param logprob natural log-probability before any sampling setting; null for the first token of a
 *     prompt, which has no context
 * @param top the most probable tokens at this position, most probable first, as many as were
 *     requested; if the token is among them, its log-probability there is exactly the same
 * @param offset where it begins in its text, in code points; a token that is not in the text is
 *     where it would be
 */
public record TokenProbability(
        int id,
        String text,
        List<Integer> bytes,
        @Nullable Double logprob,
        List<Alternative> top,
        int offset) {
    public TokenProbability {
        bytes = List.copyOf(bytes);
        top = List.copyOf(top);
    }

    /** A token at the beginning of its text. */
    public TokenProbability(
            int id,
            String text,
            List<Integer> bytes,
            @Nullable Double logprob,
            List<Alternative> top) {
        this(id, text, bytes, logprob, top, 0);
    }

    /** The same token at another place. */
    public TokenProbability at(int other) {
        return new TokenProbability(id, text, bytes, logprob, top, other);
    }

    /** A token that the model could have written here. */
    public record Alternative(int id, String text, List<Integer> bytes, double logprob) {
        public Alternative {
            bytes = List.copyOf(bytes);
        }
    }
}
