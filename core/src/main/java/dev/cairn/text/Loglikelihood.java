package dev.cairn.text;

import java.util.List;

/**
 * The log-likelihoods of several continuations of one context, with a trace of the stages before.
 *
 * @param scores one score per continuation, in order
 * @param stages what the stages before the scoring stage read and wrote, in order; empty for a
 *     plain model
 * @param promptTokens number of tokens of the scored context, including those that did not fit the
 *     window; 0 if unknown
 */
public record Loglikelihood(List<Score> scores, List<StageTrace> stages, int promptTokens) {
    public Loglikelihood {
        scores = List.copyOf(scores);
        stages = List.copyOf(stages);
    }

    /** How many tokens were cut from the context's beginning to fit the longest continuation. */
    public int truncatedTokens() {
        return scores.stream().mapToInt(Score::truncatedTokens).max().orElse(0);
    }
}
