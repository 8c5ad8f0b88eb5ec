package dev.cairn.data.probes;

import dev.cairn.data.TokenExample;
import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Words;
import dev.cairn.text.tokenizer.Continuation;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A text and what must follow.
 *
 * @param before all a model needs to know
 * @param after stands in {@code before}, word for word
 */
record Passage(String before, String after) {
    /** Sentences about a person and a place; no generated story uses them. */
    static final List<String> MOVES =
            List.of(
                    "%s wandered into the %s.",
                    "%s strolled over to the %s.",
                    "%s sneaked off to the %s.",
                    "%s set out for the %s.",
                    "%s crept towards the %s.",
                    "%s dashed across to the %s.",
                    "%s headed straight for the %s.",
                    "%s drifted into the %s.");

    /** A table with one {@code key: value} a line, and the value of a key that is asked again. */
    static Passage recall(int lines, SplittableRandom random) {
        List<String> words = InventedWords.some(2 * lines, random);
        List<String> keys = words.subList(0, lines);
        List<String> values = words.subList(lines, 2 * lines);
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            table.append("%s: %s\n".formatted(keys.get(i), values.get(i)));
        }
        int asked = random.nextInt(lines);
        return new Passage(table + keys.get(asked) + ":", " " + values.get(asked));
    }

    /**
     * Sentences about people who move between places, two about each person, and the later one of
     * somebody.
     *
     * @param sentences an even number
     */
    static Passage lastLine(int sentences, SplittableRandom random) {
        int count = sentences / 2;
        List<String> words = InventedWords.some(count + sentences, random);
        List<String> people = words.stream().limit(count).map(Words::capitalised).toList();
        List<String> movers = Pick.some(twice(people), sentences, random);
        List<String> told =
                IntStream.range(0, sentences)
                        .mapToObj(i -> move(movers.get(i), words.get(count + i), random))
                        .toList();
        String asked = people.get(random.nextInt(count));
        String last = told.get(movers.lastIndexOf(asked));
        return new Passage(
                "%s\nLast about %s: %s".formatted(String.join(" ", told), asked, asked),
                last.substring(asked.length()));
    }

    private static String move(String person, String place, SplittableRandom random) {
        return Pick.one(MOVES, random).formatted(person, place);
    }

    private static List<String> twice(List<String> items) {
        return Stream.concat(items.stream(), items.stream()).toList();
    }

    /** What follows is to be predicted. */
    TokenExample example(Tokenizer tokenizer) {
        Continuation tokens = Continuation.learnt(tokenizer, before, true, after);
        int[] context = tokens.contextIds();
        int[] ids =
                IntStream.concat(IntStream.of(context), IntStream.of(tokens.continuationIds()))
                        .toArray();
        return new TokenExample(ids, context.length);
    }
}
