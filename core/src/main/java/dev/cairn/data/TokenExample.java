package dev.cairn.data;

/**
 * A training example as tokens.
 *
 * @param ids prompt and completion
 * @param firstTarget index of the first token to predict: the prompt's length for completion-only
 *     loss, 1 for loss on everything
 */
@SuppressWarnings("ArrayRecordComponent") // a handle on tokens, never compared as a value
public record TokenExample(int[] ids, int firstTarget) {
    public TokenExample {
        if (firstTarget < 1 || firstTarget >= ids.length) {
            throw new IllegalArgumentException(
                    "nothing to predict: first target " + firstTarget + " of " + ids.length);
        }
    }

    /** The number of tokens to predict. */
    public int targets() {
        return ids.length - firstTarget;
    }
}
