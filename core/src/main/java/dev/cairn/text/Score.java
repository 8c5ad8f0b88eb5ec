package dev.cairn.text;

import java.util.List;

/**
 * The log-likelihood of a continuation, token by token.
 *
 * @param tokens token ids of the continuation that were scored; {@link #UNKNOWN} where a server
 *     does not say which they are
 * @param tokenLogprobs natural log-probability of each of them
 * @param isGreedy whether every one of them was the model's most probable token
 * @param truncatedTokens how many tokens of the context's beginning had no room in the model's
 *     window and were left out
 */
public record Score(
        List<Integer> tokens, List<Double> tokenLogprobs, boolean isGreedy, int truncatedTokens) {
    /** Stands for the id of a token that is not known. */
    public static final int UNKNOWN = -1;

    public Score {
        tokens = List.copyOf(tokens);
        tokenLogprobs = List.copyOf(tokenLogprobs);
    }

    /** A score whose context had room. */
    public Score(List<Integer> tokens, List<Double> tokenLogprobs, boolean isGreedy) {
        this(tokens, tokenLogprobs, isGreedy, 0);
    }

    /** Sum of {@link #tokenLogprobs}. */
    public double sumLogprob() {
        return tokenLogprobs.stream().mapToDouble(Double::doubleValue).sum();
    }
}
