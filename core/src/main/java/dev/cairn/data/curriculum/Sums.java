package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Short sums, bare or about what somebody has. */
final class Sums {
    private Sums() {}

    static Sheet draw(SplittableRandom random) {
        return random.nextInt(3) == 0 ? bare(random) : told(random);
    }

    private static Sheet bare(SplittableRandom random) {
        var problems = new ArrayList<Problem>();
        for (int i = random.nextInt(3, 9); i > 0; i--) {
            int a = random.nextInt(50);
            int b = random.nextInt(50);
            problems.add(
                    random.nextBoolean()
                            ? Problem.of("%d + %d".formatted(a, b), Integer.toString(a + b))
                            : Problem.of("%d - %d".formatted(a + b, b), Integer.toString(a)));
        }
        return new Sheet("", problems);
    }

    private static Sheet told(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        var lines = new ArrayList<String>();
        var problems = new ArrayList<Problem>();
        String thing = lexicon.countable(1).getFirst() + "s";
        for (String person : lexicon.names(random.nextInt(1, 4))) {
            var steps = new ArrayList<String>();
            var own = new ArrayList<String>();
            int has = random.nextInt(2, 30);
            own.add("%s owns %d %s.".formatted(person, has, thing));
            for (int i = random.nextInt(1, 3); i > 0; i--) {
                boolean isMore = has == 0 || random.nextBoolean();
                int change = random.nextInt(1, isMore ? 20 : has + 1);
                int then = isMore ? has + change : has - change;
                String verb = isMore ? Pick.one(List.of("wins", "earns"), random) : "spends";
                own.add("%s %s %d %s.".formatted(person, verb, change, thing));
                steps.add("%d %s %d = %d.".formatted(has, isMore ? "+" : "-", change, then));
                has = then;
            }
            lines.addAll(own);
            String question = "How many %s does %s own in the end?".formatted(thing, person);
            problems.add(new Problem(question, own, steps, Integer.toString(has)));
        }
        return new Sheet(String.join(" ", lines), Pick.some(problems, problems.size(), random));
    }
}
