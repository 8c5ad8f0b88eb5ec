package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What holds for a kind of being holds for each of them: two lookups, one after the other. The kind
 * is described by a rule or by an example.
 */
final class Species {
    private static final List<String> RULES =
            List.of("Every %s fears the %s.", "Every %s likes the %s.", "Every %s eats the %s.");
    private static final List<String> CONCLUSIONS =
            List.of("%s fears the %s.", "%s likes the %s.", "%s eats the %s.");
    private static final List<String> QUESTIONS =
            List.of("What does %s fear?", "What does %s like?", "What does %s eat?");

    private static final List<String> COLOURS =
            List.of("red", "green", "blue", "yellow", "white", "black", "grey", "brown");

    private Species() {}

    static Sheet draw(SplittableRandom random) {
        return random.nextInt(3) == 0 ? byExample(random) : byRule(random);
    }

    private static Sheet byExample(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        List<String> kinds = lexicon.countable(random.nextInt(2, 5));
        List<String> colours = Pick.some(COLOURS, kinds.size(), random);
        var lines = new ArrayList<String>();
        var problems = new ArrayList<Problem>();
        for (int i = 0; i < kinds.size(); i++) {
            List<String> two = lexicon.names(2);
            String example = "%s is a %s.".formatted(two.get(0), kinds.get(i));
            String colour = "%s is %s.".formatted(two.get(0), colours.get(i));
            String other = "%s is a %s.".formatted(two.get(1), kinds.get(i));
            lines.addAll(List.of(example, colour, other));
            problems.add(
                    new Problem(
                            "Of what colour is %s?".formatted(two.get(1)),
                            List.of(other, example, colour),
                            List.of("%s is %s.".formatted(two.get(1), colours.get(i))),
                            colours.get(i)));
        }
        return sheet(lines, problems, random);
    }

    private static Sheet sheet(
            List<String> lines, List<Problem> problems, SplittableRandom random) {
        return new Sheet(
                String.join(" ", Pick.some(lines, lines.size(), random)),
                Pick.some(problems, Math.min(3, problems.size()), random));
    }

    private static Sheet byRule(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        List<String> kinds = lexicon.countable(random.nextInt(2, 6));
        List<String> objects = lexicon.things(kinds.size());
        int rule = random.nextInt(RULES.size());
        var rules = new ArrayList<String>();
        for (int i = 0; i < kinds.size(); i++) {
            rules.add(RULES.get(rule).formatted(kinds.get(i), objects.get(i)));
        }
        var lines = new ArrayList<>(rules);
        var problems = new ArrayList<Problem>();
        for (String name : lexicon.names(random.nextInt(2, 6))) {
            int kind = random.nextInt(kinds.size());
            String is = "%s is a %s.".formatted(name, kinds.get(kind));
            lines.add(is);
            problems.add(
                    new Problem(
                            QUESTIONS.get(rule).formatted(name),
                            List.of(is, rules.get(kind)),
                            List.of(CONCLUSIONS.get(rule).formatted(name, objects.get(kind))),
                            objects.get(kind)));
        }
        return sheet(lines, problems, random);
    }
}
