package dev.cairn.text.completion;

import java.util.List;

/**
 * How a completion ends beside stop strings, and what of its end is in the text.
 *
 * @param stopTokenIds tokens that end the text like the model's own end token; they are not part of
 *     it
 * @param includesStop whether the stop string or the token of {@code stopTokenIds} that ended the
 *     text is part of it
 * @param keepsSpecialTokens whether special tokens are part of the text, spelled as in the
 *     vocabulary
 */
public record Ending(List<Integer> stopTokenIds, boolean includesStop, boolean keepsSpecialTokens) {
    /** The usual: neither stops nor special tokens are part of a text. */
    public static final Ending DEFAULT = new Ending(List.of(), false, false);

    public Ending {
        stopTokenIds = List.copyOf(stopTokenIds);
    }
}
