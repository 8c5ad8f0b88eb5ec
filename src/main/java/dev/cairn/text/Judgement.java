package dev.cairn.text;

import java.util.List;

/**
 * How probable a system finds several continuations of one context, and how that came about.
 *
 * @param scores one for each continuation, in order
 * @param stages what the stages before the one that scores were asked and said, in order; none for
 *     a plain model
 * @param promptTokens tokens of the context that was scored after, as far as they were read; 0
 *     where they are not known
 * @param truncatedTokens tokens cut from that context's beginning, for the longest continuation,
 *     because both did not fit the window
 */
public record Judgement(
        List<Score> scores, List<StageTrace> stages, int promptTokens, int truncatedTokens) {
    public Judgement {
        scores = List.copyOf(scores);
        stages = List.copyOf(stages);
    }
}
