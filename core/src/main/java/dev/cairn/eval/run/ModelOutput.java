package dev.cairn.eval.run;

import dev.cairn.eval.task.ItemScores;
import java.util.List;

/** What a system said to an item, as it is kept. */
public sealed interface ModelOutput {
    /** The log-likelihoods of the choices, in order. */
    record Likelihoods(List<Likelihood> choices) implements ModelOutput {
        public Likelihoods {
            choices = List.copyOf(choices);
        }
    }

    /**
     * Of one choice.
     *
     * @param logprob natural, summed over its tokens
     * @param isGreedy whether every one of them was the most probable one
     */
    record Likelihood(double logprob, boolean isGreedy) {}

    /** A text. */
    record Text(String text) implements ModelOutput {}

    /** What is kept of scores. */
    static ModelOutput of(ItemScores scores) {
        return switch (scores) {
            case ItemScores.Likelihoods likelihoods ->
                    new Likelihoods(
                            likelihoods.candidates().stream()
                                    .map(score ->
                                            new Likelihood(score.sumLogprob(), score.isGreedy()))
                                    .toList());
            case ItemScores.Written(String text) -> new Text(text);
        };
    }
}
