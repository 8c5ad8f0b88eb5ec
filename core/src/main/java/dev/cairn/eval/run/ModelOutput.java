package dev.cairn.eval.run;

import dev.cairn.eval.task.ItemScores;
import java.util.List;

/** A system's recorded output for an item. */
public sealed interface ModelOutput {
    /** The log-likelihoods of the choices, in order. */
    record Likelihoods(List<Likelihood> choices) implements ModelOutput {
        public Likelihoods {
            choices = List.copyOf(choices);
        }
    }

    /**
     * The log-likelihood of one choice.
     *
     * @param logprob natural logarithm, summed over its tokens
     * @param isGreedy whether each of them was the most probable token
     */
    record Likelihood(double logprob, boolean isGreedy) {}

    /** A text. */
    record Text(String text) implements ModelOutput {}

    /** The part of the scores that is recorded. */
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
