package dev.cairn.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Questions divided at random into those to learn from and those held back.
 *
 * @param training in shuffled order
 * @param validation likewise
 */
public record Holdout(List<Question> training, List<Question> validation) {
    /**
     * Divides; the same seed gives the same division.
     *
     * @param heldBack how many go to the validation set, fewer than there are
     */
    public static Holdout of(List<Question> questions, int heldBack, long seed) {
        List<Question> shuffled = new ArrayList<>();
        for (int i : ExamplePlan.shuffled(questions.size(), seed)) {
            shuffled.add(questions.get(i));
        }
        return new Holdout(
                List.copyOf(shuffled.subList(heldBack, shuffled.size())),
                List.copyOf(shuffled.subList(0, heldBack)));
    }
}
