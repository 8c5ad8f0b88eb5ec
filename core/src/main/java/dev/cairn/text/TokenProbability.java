package dev.cairn.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token and how probable the model found it.
 *
 * @param text what it adds to the text; U+FFFD where it is part of a character
 * @param bytes its UTF-8 bytes, 0 to 255 each; of a character divided over several tokens its part
 * @param logprob natural log-probability before any sampling setting; null for the first token of a
 *     prompt, which nothing comes before
 * @param top the most probable tokens in its place, most probable first, as many as were asked for;
 *     a token that is among them has the very same log-probability there
 */
public record TokenProbability(
        int id, String text, List<Integer> bytes, @Nullable Double logprob, List<Alternative> top) {
    public TokenProbability {
        bytes = List.copyOf(bytes);
        top = List.copyOf(top);
    }

    /** A token that could have stood here. */
    public record Alternative(int id, String text, List<Integer> bytes, double logprob) {
        public Alternative {
            bytes = List.copyOf(bytes);
        }
    }
}
