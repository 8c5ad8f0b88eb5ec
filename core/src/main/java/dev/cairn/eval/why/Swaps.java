package dev.cairn.eval.why;

import dev.cairn.eval.ItemResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Replacements for every stage's text of every question, drawn with a seed.
 *
 * @param byStage the texts of each stage but the last
 * @param seed seed for the choice of words to change
 */
record Swaps(Map<String, Circle> byStage, long seed) {
    /**
     * @param stages names of the stages, in order
     * @param results plain answers
     */
    static Swaps of(List<String> stages, List<ItemResult> results, long seed) {
        Map<String, Circle> byStage = new HashMap<>();
        for (int i = 0; i < stages.size() - 1; i++) {
            byStage.put(stages.get(i), circle(stages.get(i), results, seed + i));
        }
        return new Swaps(byStage, seed);
    }

    private static Circle circle(String stage, List<ItemResult> results, long seed) {
        Map<Integer, String> texts = new HashMap<>();
        IntStream.range(0, results.size())
                .filter(i -> results.get(i).texts().containsKey(stage))
                .forEach(i -> texts.put(i, results.get(i).texts().getOrDefault(stage, "")));
        return Circle.of(texts, seed);
    }

    /** Replacements for the texts of one question, by stage. */
    Map<String, Swap> of(int question) {
        Map<String, Swap> swaps = new HashMap<>();
        byStage.forEach((stage, circle) ->
                swaps.put(stage, circle.swap(question, new SplittableRandom(seed ^ question))));
        return swaps;
    }
}
