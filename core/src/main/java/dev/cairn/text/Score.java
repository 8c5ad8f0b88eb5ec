package dev.cairn.text;

import java.util.List;

/**
 * The log-likelihood of a continuation, token by token.
 *
 * @param tokens ids of the scored tokens; {@link #UNKNOWN} if a server does not report them
 * @param tokenLogprobs natural log-probability of each of them
 * @param isGreedy whether every one of them was the model's most probable token
 * @param truncatedTokens how many tokens were cut from the context's beginning because they did not
 *     fit the model's window
 */
public record Score(
        List<Integer> tokens, List<Double> tokenLogprobs, boolean isGreedy, int truncatedTokens) {
    /** Placeholder for an unknown token id. */
    public static final int UNKNOWN = -1;

    public Score {
        tokens = List.copyOf(tokens);
        tokenLogprobs = List.copyOf(tokenLogprobs);
    }

    /** A score whose context fit the window. */
    public Score(List<Integer> tokens, List<Double> tokenLogprobs, boolean isGreedy) {
        this(tokens, tokenLogprobs, isGreedy, 0);
    }

    /** Sum of {@link #tokenLogprobs}. */
    public double sumLogprob() {
        return tokenLogprobs.stream().mapToDouble(Double::doubleValue).sum();
    }
}
