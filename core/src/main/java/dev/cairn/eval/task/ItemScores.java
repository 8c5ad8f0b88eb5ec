package dev.cairn.eval.task;

import dev.cairn.text.Score;
import java.util.List;

/** A system's output for an item. */
public sealed interface ItemScores {
    /**
     * The output for a {@link ChoiceItem}.
     *
     * @param candidates the score of each candidate, in order
     */
    record Likelihoods(List<Score> candidates) implements ItemScores {
        public Likelihoods {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * The output for a {@link WritingItem}.
     *
     * @param text the generated text, without the stop text
     */
    record Written(String text) implements ItemScores {}
}
