package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Comparisons of neighbours in an order, of people or of things. */
final class Ranks {
    /** Comparative, superlative and their opposites. */
    private static final List<List<String>> QUALITIES =
            List.of(
                    List.of("older", "oldest", "younger", "youngest"),
                    List.of("taller", "tallest", "shorter", "shortest"),
                    List.of("heavier", "heaviest", "lighter", "lightest"),
                    List.of("faster", "fastest", "slower", "slowest"),
                    List.of("richer", "richest", "poorer", "poorest"),
                    List.of("larger", "largest", "smaller", "smallest"));

    private final SplittableRandom random;
    private final List<String> names;
    private final List<String> words;
    private final List<String> lines = new ArrayList<>();

    private Ranks(SplittableRandom random) {
        this.random = random;
        names = names(random.nextInt(3, 6));
        words = Pick.one(QUALITIES, random);
    }

    private List<String> names(int count) {
        var lexicon = new Lexicon(random);
        return random.nextBoolean()
                ? lexicon.names(count)
                : lexicon.things(count).stream().map(thing -> "the " + thing).toList();
    }

    static Sheet draw(SplittableRandom random) {
        return new Ranks(random).sheet();
    }

    private Sheet sheet() {
        for (int i = 0; i + 1 < names.size(); i++) {
            String more = names.get(i);
            String less = names.get(i + 1);
            lines.add(random.nextBoolean() ? is(more, 0, less) : is(less, 2, more));
        }
        var problems = new ArrayList<Problem>();
        problems.add(superlative(1, names.getFirst()));
        problems.add(superlative(3, names.getLast()));
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            problems.add(pair());
        }
        List<String> told = Pick.some(lines, lines.size(), random);
        List<Problem> some = Pick.some(problems.stream().distinct().toList(), 3, random);
        return new Sheet(String.join(" ", told), some);
    }

    private String is(String one, int word, String other) {
        String subject = Words.capitalised(one);
        return "%s is %s than %s.".formatted(subject, words.get(word), other);
    }

    private Problem superlative(int word, String answer) {
        String order = "From the %s to the %s: ".formatted(words.get(1), words.get(3));
        return new Problem(
                "Which of them is the %s?".formatted(words.get(word)),
                lines,
                List.of(order + String.join(", ", names) + "."),
                answer);
    }

    private Problem pair() {
        int above = random.nextInt(names.size() - 1);
        int below = random.nextInt(above + 1, names.size());
        List<String> between = lines.subList(above, below);
        List<String> steps =
                IntStream.range(above, below)
                        .mapToObj(i -> is(names.get(i), 0, names.get(i + 1)))
                        .toList();
        boolean isSo = random.nextBoolean();
        String one = names.get(isSo ? above : below);
        String other = names.get(isSo ? below : above);
        String question = "Is %s %s than %s?".formatted(one, words.get(0), other);
        return new Problem(question, between, steps, isSo ? "yes" : "no");
    }
}
