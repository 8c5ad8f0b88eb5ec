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
 */
public record TokenProbability(
        int id, String text, List<Integer> bytes, @Nullable Double logprob, List<Alternative> top) {
    public TokenProbability {
        bytes = List.copyOf(bytes);
        top = List.copyOf(top);
    }

    /** A token that the model could have written here. */
    public record Alternative(int id, String text, List<Integer> bytes, double logprob) {
        public Alternative {
            bytes = List.copyOf(bytes);
        }
    }
}
