package dev.cairn.eval.task;

import dev.cairn.text.Score;
import java.util.List;

/** What a system said to an item. */
public sealed interface ItemScores {
    /**
     * To a {@link ChoiceItem}.
     *
     * @param candidates the score of each candidate, in order
     */
    record Likelihoods(List<Score> candidates) implements ItemScores {
        public Likelihoods {
            candidates = List.copyOf(candidates);
        }
    }

    /**
     * To a {@link WritingItem}.
     *
     * @param text as it was written, without the text that ended it
     */
    record Written(String text) implements ItemScores {}
}
