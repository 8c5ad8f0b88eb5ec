package dev.cairn.text;

import java.util.List;

/**
 * How probable a system finds several continuations of one context, and how that came about.
 *
 * @param scores one for each continuation, in order
 * @param stages what the stages before the one that scores were asked and said, in order; none for
 *     a plain model
 * @param promptTokens tokens of the context that the continuations were scored after, those that
 *     had no room included; 0 where they are not known
 */
public record Loglikelihood(List<Score> scores, List<StageTrace> stages, int promptTokens) {
    public Loglikelihood {
        scores = List.copyOf(scores);
        stages = List.copyOf(stages);
    }

    /** How many tokens of the context's beginning were left out for the longest continuation. */
    public int truncatedTokens() {
        return scores.stream().mapToInt(Score::truncatedTokens).max().orElse(0);
    }
}
