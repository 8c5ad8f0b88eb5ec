package dev.cairn.eval.task;

import dev.cairn.text.Score;
import java.util.List;

/** What a system gave for an item. */
public sealed interface ItemScores {
    /**
     * For a {@link ChoiceItem}.
     *
     * @param candidates the score of each candidate, in order
     */
    record Likelihoods(List<Score> candidates) implements ItemScores {
        public Likelihoods {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * For a {@link WritingItem}.
     *
     * @param text what it wrote, without the stop text
     */
    record Written(String text) implements ItemScores {}
}
