package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What holds for a kind of being holds for each of them: two lookups, one after the other. */
final class Species {
    private static final List<String> RULES =
            List.of("Every %s fears the %s.", "Every %s likes the %s.", "Every %s eats the %s.");
    private static final List<String> CONCLUSIONS =
            List.of("%s fears the %s.", "%s likes the %s.", "%s eats the %s.");
    private static final List<String> QUESTIONS =
            List.of("What does %s fear?", "What does %s like?", "What does %s eat?");

    private Species() {}

    static Sheet draw(SplittableRandom random) {
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
        return new Sheet(
                String.join(" ", Pick.some(lines, lines.size(), random)),
                Pick.some(problems, Math.min(3, problems.size()), random));
    }
}
