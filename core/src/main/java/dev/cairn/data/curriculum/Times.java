package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Where people were at which time, told in any order. */
final class Times {
    /** From the earliest to the latest. */
    private static final List<String> TIMES =
            List.of(
                    "Two days ago",
                    "Yesterday at dawn",
                    "Yesterday at noon",
                    "Last night",
                    "Early today",
                    "At noon today",
                    "An hour ago");

    private final SplittableRandom random;
    private final Lexicon lexicon;
    private final List<String> lines = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Times(SplittableRandom random) {
        this.random = random;
        lexicon = new Lexicon(random);
    }

    static Sheet draw(SplittableRandom random) {
        return new Times(random).sheet();
    }

    private Sheet sheet() {
        lexicon.names(random.nextInt(1, 4)).forEach(this::tell);
        return new Sheet(
                String.join(" ", Pick.some(lines, lines.size(), random)),
                Pick.some(problems, 3, random));
    }

    private void tell(String person) {
        int visits = random.nextInt(2, 5);
        List<String> places = lexicon.places(visits);
        List<String> times =
                Pick.some(TIMES, visits, random).stream()
                        .sorted(Comparator.comparing(TIMES::indexOf))
                        .toList();
        List<String> own =
                IntStream.range(0, visits)
                        .mapToObj(i ->
                                "%s %s visited the %s."
                                        .formatted(times.get(i), person, places.get(i)))
                        .toList();
        lines.addAll(own);
        int i = random.nextInt(visits - 1);
        List<String> two = own.subList(i, i + 2);
        ask("before", person, places.get(i + 1), two.reversed(), places.get(i));
        ask("after", person, places.get(i), two, places.get(i + 1));
        String when = "When did %s visit the %s?".formatted(person, places.get(i));
        problems.add(Problem.lookUp(when, own.get(i), times.get(i)));
    }

    private void ask(String when, String person, String place, List<String> quotes, String answer) {
        String question = "Which place did %s visit right %s the %s?";
        problems.add(
                new Problem(question.formatted(person, when, place), quotes, List.of(), answer));
    }
}
