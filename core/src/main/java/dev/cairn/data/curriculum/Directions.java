package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Places beside each other, read from either side, and the way over two of them. */
final class Directions {
    private static final List<String> WAYS =
            List.of("north", "south", "east", "west", "left", "right");

    private final SplittableRandom random;
    private final List<String> places;

    /** Where each place but the last lies, seen from the next one. */
    private final List<String> ways = new ArrayList<>();

    private final List<String> lines = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Directions(SplittableRandom random) {
        this.random = random;
        places = new Lexicon(random).places(random.nextInt(3, 7));
    }

    static Sheet draw(SplittableRandom random) {
        return new Directions(random).sheet();
    }

    private Sheet sheet() {
        for (int i = 0; i + 1 < places.size(); i++) {
            tell(places.get(i), random.nextInt(WAYS.size()), places.get(i + 1));
        }
        for (int i = 0; i + 2 < places.size(); i++) {
            path(i);
        }
        List<Problem> clear = problems.stream().filter(this::isClear).toList();
        return new Sheet(
                String.join(" ", Pick.some(lines, lines.size(), random)),
                Pick.some(clear, Math.min(4, clear.size()), random));
    }

    private void tell(String one, int way, String other) {
        String ahead = WAYS.get(way);
        String back = WAYS.get(way ^ 1);
        String line = lies(one, ahead, other);
        String turned = lies(other, back, one);
        boolean isSo = random.nextBoolean();
        ways.add(ahead);
        lines.add(line);
        problems.add(Problem.lookUp(asked(ahead, other), line, one));
        problems.add(new Problem(asked(back, one), List.of(line), List.of(turned), other));
        problems.add(
                new Problem(
                        "Does the %s lie %s of the %s?".formatted(other, isSo ? back : ahead, one),
                        List.of(line),
                        List.of(turned),
                        isSo ? "yes" : "no"));
    }

    private void path(int to) {
        String question = "Which way leads from the %s to the %s?";
        problems.add(
                new Problem(
                        question.formatted(places.get(to + 2), places.get(to)),
                        List.of(lines.get(to + 1), lines.get(to)),
                        List.of(),
                        "%s, %s".formatted(ways.get(to + 1), ways.get(to))));
    }

    private static String lies(String one, String way, String other) {
        return "The %s lies %s of the %s.".formatted(one, way, other);
    }

    private static String asked(String way, String of) {
        return "Which place lies %s of the %s?".formatted(way, of);
    }

    /** Two neighbours may lie on the same side of a place; then that is not asked. */
    private boolean isClear(Problem problem) {
        return problems.stream().filter(p -> p.question().equals(problem.question())).count() == 1;
    }
}
