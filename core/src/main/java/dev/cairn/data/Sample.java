package dev.cairn.data;

import java.util.Arrays;
import java.util.List;

/** A random sample of questions. */
public final class Sample {
    private Sample() {}

    /**
     * Chooses; the same seed chooses the same questions of the same list.
     *
     * @param count how many, at most as many as there are
     * @return them in the order of {@code questions}
     */
    public static List<Question> of(List<Question> questions, int count, long seed) {
        int[] chosen = Arrays.copyOf(ExamplePlan.shuffled(questions.size(), seed), count);
        return Arrays.stream(chosen).sorted().mapToObj(questions::get).toList();
    }
}
