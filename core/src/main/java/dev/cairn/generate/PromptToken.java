package dev.cairn.generate;

import java.util.List;

/**
 * How probable a token of a prompt is after those before it.
 *
 * @param logprob natural log-probability
 * @param isMostProbable whether the model would have written this one
 * @param top the most probable tokens, the most probable first, as many as were asked for; this
 *     token among them has the very number of {@code logprob}
 */
public record PromptToken(
        int token, double logprob, boolean isMostProbable, List<TokenLogprob> top) {
    /**
     * Looks a token up.
     *
     * @param logits [vocabSize], after the tokens before it
     */
    static PromptToken of(int token, float[] logits, int top) {
        return new PromptToken(
                token,
                LogProbs.of(logits, token),
                LogProbs.argMax(logits) == token,
                LogProbs.top(logits, top));
    }
}
