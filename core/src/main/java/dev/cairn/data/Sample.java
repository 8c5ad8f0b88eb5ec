package dev.cairn.data;

import java.util.Arrays;
import java.util.List;

/** Draws a random sample of questions. */
public final class Sample {
    private Sample() {}

    /**
     * Chooses questions; the same seed chooses the same questions from the same list.
     *
     * @param count size of the sample, at most that of {@code questions}
     * @return the sample, in the order of {@code questions}
     */
    public static List<Question> of(List<Question> questions, int count, long seed) {
        int[] chosen = Arrays.copyOf(ExamplePlan.shuffled(questions.size(), seed), count);
        return Arrays.stream(chosen).sorted().mapToObj(questions::get).toList();
    }
}
