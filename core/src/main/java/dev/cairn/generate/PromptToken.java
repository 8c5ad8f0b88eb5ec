package dev.cairn.generate;

import java.util.List;

/**
 * A token of a prompt with its probability, given the tokens before it.
 *
 * @param logprob natural log-probability
 * @param isMostProbable whether it is the model's most probable token at this position
 * @param top the requested number of most probable tokens, most probable first; if this token is
 *     among them, its value equals {@code logprob} exactly
 */
public record PromptToken(
        int token, double logprob, boolean isMostProbable, List<TokenLogprob> top) {
    /**
     * Reads a token's probability from the logits.
     *
     * @param logits {@code [vocabSize]}, after the tokens before it
     */
    static PromptToken of(int token, float[] logits, int top) {
        return new PromptToken(
                token,
                LogProbs.of(logits, token),
                LogProbs.argMax(logits) == token,
                LogProbs.top(logits, top));
    }
}
