package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Where some people were, one line after the other, and the last or first line about each of them:
 * a step from {@link Tables}, where a key stands once, to {@link Tales}.
 */
final class Trails {
    private static final List<String> LINES =
            List.of(
                    "%s: %s",
                    "%s -> %s",
                    "%s, %s",
                    "%s is at the %s.",
                    "%s reached the %s.",
                    "%s entered the %s.",
                    "%s came to the %s.",
                    "%s has left for the %s.");

    private static final List<String> LAST =
            List.of("Where is %s by now?", "Which place of %s is the latest?", "%s: latest place?");
    private static final List<String> FIRST =
            List.of(
                    "Where was %s at first?",
                    "Which place of %s is the earliest?", "%s: earliest place?");

    private Trails() {}

    /** A line about somebody. */
    private record Stop(String person, String place, String line) {}

    static Sheet draw(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        List<String> people = lexicon.names(random.nextInt(1, 6));
        List<String> places = lexicon.places(random.nextInt(2, 7));
        String line = Pick.one(LINES, random);
        var stops = new ArrayList<Stop>();
        for (int i = random.nextInt(2, 13); i > 0; i--) {
            String person = Pick.one(people, random);
            String place = Pick.one(places, random);
            stops.add(new Stop(person, place, line.formatted(person, place)));
        }
        String space = line.endsWith(".") && random.nextBoolean() ? " " : "\n";
        String text = String.join(space, stops.stream().map(Stop::line).toList());
        return new Sheet(text, problems(stops, random));
    }

    /** One about each, and some about the other end of the trail. */
    private static List<Problem> problems(List<Stop> stops, SplittableRandom random) {
        List<String> people = stops.stream().map(Stop::person).distinct().toList();
        boolean isLast = random.nextInt(4) > 0;
        var problems = new ArrayList<Problem>();
        for (String person : Pick.some(people, people.size(), random)) {
            problems.add(problem(stops, person, isLast, random));
            if (random.nextInt(3) == 0) {
                problems.add(problem(stops, person, !isLast, random));
            }
        }
        return problems;
    }

    private static Problem problem(
            List<Stop> stops, String person, boolean isLast, SplittableRandom random) {
        List<Stop> trail = stops.stream().filter(stop -> stop.person().equals(person)).toList();
        Stop stop = isLast ? trail.getLast() : trail.getFirst();
        String question = Pick.one(isLast ? LAST : FIRST, random).formatted(person);
        return Problem.lookUp(question, stop.line(), stop.place());
    }
}
