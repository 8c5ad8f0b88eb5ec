package dev.cairn.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A random division of questions into those to learn from and those held back. Samples of one
 * question stay together: holding one back while learning another would measure memorisation.
 *
 * @param training in shuffled order
 * @param validation likewise
 */
public record Holdout(List<Question> training, List<Question> validation) {
    public Holdout {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    /**
     * Divides the questions; the same seed gives the same division.
     *
     * @param heldBack size of the validation set, less than the number of questions
     */
    public static Holdout of(List<Question> questions, int heldBack, long seed) {
        Map<String, List<Question>> samples = new LinkedHashMap<>();
        for (Question question : questions) {
            samples.computeIfAbsent(question.origin(), id -> new ArrayList<>()).add(question);
        }
        List<List<Question>> groups = List.copyOf(samples.values());
        List<Question> training = new ArrayList<>();
        List<Question> validation = new ArrayList<>();
        int left = groups.size();
        for (int i : ExamplePlan.shuffled(groups.size(), seed)) {
            // At least one question is left to learn from.
            boolean isHeldBack = validation.size() < heldBack && --left > 0;
            (isHeldBack ? validation : training).addAll(groups.get(i));
        }
        return new Holdout(training, validation);
    }

    /** The same division without the questions that have one of these inputs. */
    public Holdout without(Set<String> inputs) {
        return new Holdout(without(training, inputs), without(validation, inputs));
    }

    private static List<Question> without(List<Question> questions, Set<String> inputs) {
        return questions.stream().filter(question -> !inputs.contains(question.input())).toList();
    }
}
