package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Where people are or are not: negation, alternatives, and questions with yes, no or maybe. */
final class Denials {
    private final SplittableRandom random;
    private final List<String> places;
    private final List<String> lines = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private Denials(List<String> places, SplittableRandom random) {
        this.places = places;
        this.random = random;
    }

    static Sheet draw(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        var denials = new Denials(lexicon.places(random.nextInt(3, 6)), random);
        lexicon.names(random.nextInt(2, 6)).forEach(denials::tell);
        List<Problem> some =
                Pick.some(denials.problems, Math.min(4, denials.problems.size()), random);
        return new Sheet(String.join(" ", denials.lines), some);
    }

    private void tell(String person) {
        List<String> two = Pick.some(places, 2, random);
        String here = two.get(0);
        String there = two.get(1);
        switch (random.nextInt(4)) {
            case 0 -> {
                String line = say("%s waits at the %s.", person, here);
                ask(person, here, "yes", line);
                ask(person, there, "no", line);
            }
            case 1 -> {
                String line = say("%s is not at the %s.", person, here);
                ask(person, here, "no", line);
                ask(person, there, "maybe", line);
            }
            case 2 -> {
                String line = say("%s is no longer at the %s.", person, here);
                ask(person, here, "no", line);
            }
            default -> {
                String line = say("%s is at the %s or at the %s.", person, here, there);
                if (random.nextBoolean()) {
                    ask(person, here, "maybe", line);
                    return;
                }
                String denied = say("%s is not at the %s.", person, here);
                String question = "At which place is %s?".formatted(person);
                String step = "%s is at the %s.".formatted(person, there);
                problems.add(new Problem(question, List.of(line, denied), List.of(step), there));
                ask(person, there, "yes", line, denied);
            }
        }
    }

    private String say(String line, Object... words) {
        lines.add(line.formatted(words));
        return lines.getLast();
    }

    private void ask(String person, String place, String answer, String... quotes) {
        String question = "Is %s at the %s?".formatted(person, place);
        problems.add(new Problem(question, List.of(quotes), List.of(), answer));
    }
}
