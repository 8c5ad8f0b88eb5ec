package dev.cairn.eval.why;

import dev.cairn.eval.ExactMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The texts of one stage in a circular order. Each question can take the next text that differs; if
 * all texts differ, every text goes to exactly one other question.
 */
final class Circle {
    private record Text(int question, String text, String normal) {}

    private final List<Text> texts;
    private final Map<Integer, Integer> places = new HashMap<>();

    private Circle(List<Text> texts) {
        this.texts = texts;
        for (int i = 0; i < texts.size(); i++) {
            places.put(texts.get(i).question(), i);
        }
    }

    /** Shuffles the texts, given by question index, with the seed. */
    static Circle of(Map<Integer, String> texts, long seed) {
        List<Text> circle = new ArrayList<>();
        new TreeMap<>(texts)
                .forEach((question, text) ->
                        circle.add(new Text(question, text, ExactMatch.normalize(text))));
        Collections.shuffle(circle, new Random(seed));
        return new Circle(circle);
    }

    /** The replacements for the text of a question; empty if the question has no text. */
    Swap swap(int question, RandomGenerator random) {
        Integer place = places.get(question);
        if (place == null) {
            return Swap.NONE;
        }
        String text = texts.get(place).text();
        return new Swap(
                others(place).map(Text::text).findFirst().orElse(null),
                others(place)
                        .flatMap(other -> OneWord.changed(text, other.text(), random).stream())
                        .findFirst()
                        .orElse(null));
    }

    /** The texts that differ, in the order of the circle. */
    private Stream<Text> others(int place) {
        String own = texts.get(place).normal();
        return IntStream.range(1, texts.size())
                .mapToObj(step -> texts.get((place + step) % texts.size()))
                .filter(text -> !text.normal().equals(own));
    }
}
