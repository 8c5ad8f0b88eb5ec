package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** People who get and lose things: what they hold at the end, and how many. */
final class Possessions {
    private static final List<String> GETS =
            List.of(
                    "%s finds the %s.",
                    "%s buys the %s.", "%s borrows the %s.", "%s receives the %s.");
    private static final List<String> LOSES =
            List.of("%s loses the %s.", "%s sells the %s.", "%s breaks the %s.");
    private static final List<String> NUMBERS =
            List.of("none", "one", "two", "three", "four", "five", "six", "seven", "eight");

    private Possessions() {}

    static Sheet draw(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        List<String> people = lexicon.names(random.nextInt(2, 4));
        List<String> things = lexicon.countable(random.nextInt(3, NUMBERS.size()));
        Map<String, List<String>> held = new HashMap<>();
        Map<String, List<String>> told = new HashMap<>();
        var lines = new ArrayList<String>();
        for (String thing : things) {
            String person = Pick.one(people, random);
            List<String> own = held.computeIfAbsent(person, p -> new ArrayList<>());
            List<String> about = told.computeIfAbsent(person, p -> new ArrayList<>());
            own.add(thing);
            about.add(Pick.one(GETS, random).formatted(person, thing));
            lines.add(about.getLast());
            if (random.nextInt(4) == 0) {
                String lost = own.remove(random.nextInt(own.size()));
                about.add(Pick.one(LOSES, random).formatted(person, lost));
                lines.add(about.getLast());
            }
        }
        var problems = new ArrayList<Problem>();
        for (String person : people) {
            List<String> own = held.getOrDefault(person, List.of());
            List<String> about = told.getOrDefault(person, List.of());
            String all = own.isEmpty() ? "nothing" : String.join(", ", own);
            String number = NUMBERS.get(own.size());
            String step = "%s keeps %s.".formatted(person, all);
            problems.add(
                    new Problem(
                            "How many things does %s keep?".formatted(person),
                            about,
                            List.of(step),
                            number));
            problems.add(
                    new Problem("What does %s keep?".formatted(person), about, List.of(), all));
        }
        return new Sheet(String.join(" ", lines), Pick.some(problems, 3, random));
    }
}
