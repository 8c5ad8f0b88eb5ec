package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Places beside each other, read from either side. */
final class Directions {
    private static final List<String> WAYS =
            List.of("north", "south", "east", "west", "left", "right");

    private Directions() {}

    static Sheet draw(SplittableRandom random) {
        List<String> places = new Lexicon(random).places(random.nextInt(3, 7));
        var lines = new ArrayList<String>();
        var problems = new ArrayList<Problem>();
        for (int i = 0; i + 1 < places.size(); i++) {
            int way = random.nextInt(WAYS.size());
            String one = places.get(i);
            String other = places.get(i + 1);
            String line = "The %s lies %s of the %s.".formatted(one, WAYS.get(way), other);
            lines.add(line);
            problems.add(Problem.lookUp(asked(WAYS.get(way), other), line, one));
            String back = WAYS.get(way ^ 1);
            String turned = "The %s lies %s of the %s.".formatted(other, back, one);
            problems.add(new Problem(asked(back, one), List.of(line), List.of(turned), other));
        }
        List<Integer> order =
                Pick.some(IntStream.range(0, lines.size()).boxed().toList(), lines.size(), random);
        List<String> told = order.stream().map(lines::get).toList();
        return new Sheet(String.join(" ", told), unambiguous(problems, random));
    }

    private static String asked(String way, String of) {
        return "Which place lies %s of the %s?".formatted(way, of);
    }

    /** Two neighbours may lie on the same side of a place; then that is not asked. */
    private static List<Problem> unambiguous(List<Problem> problems, SplittableRandom random) {
        List<Problem> clear =
                problems.stream()
                        .filter(one ->
                                problems.stream()
                                                .filter(p -> p.question().equals(one.question()))
                                                .count()
                                        == 1)
                        .toList();
        return Pick.some(clear, Math.min(4, clear.size()), random);
    }
}
