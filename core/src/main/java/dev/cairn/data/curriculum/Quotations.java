package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Lines of people who speak in words that nobody knows, to be repeated word for word. */
final class Quotations {
    private Quotations() {}

    static Sheet draw(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        int size = random.nextInt(2, 8);
        List<String> people = lexicon.names(size);
        List<String> words = lexicon.invented(random.nextInt(6, 16));
        List<String> said =
                IntStream.range(0, size)
                        .mapToObj(i -> String.join(" ", some(words, random)))
                        .toList();
        boolean isNumbered = random.nextInt(3) == 0;
        List<String> lines =
                IntStream.range(0, size)
                        .mapToObj(i ->
                                isNumbered
                                        ? "%d) %s".formatted(i + 1, said.get(i))
                                        : "%s says \"%s\".".formatted(people.get(i), said.get(i)))
                        .toList();
        var problems = new ArrayList<Problem>();
        for (int i : Pick.some(IntStream.range(0, size).boxed().toList(), 2, random)) {
            String whose =
                    isNumbered
                            ? "What is line %d?".formatted(i + 1)
                            : "What does %s say?".formatted(people.get(i));
            problems.add(Problem.lookUp(whose, lines.get(i), said.get(i)));
            boolean isUnique = said.stream().filter(said.get(i)::equals).count() == 1;
            if (!isNumbered && isUnique) {
                String who = "Who says \"%s\"?".formatted(said.get(i));
                problems.add(Problem.lookUp(who, lines.get(i), people.get(i)));
            }
        }
        return new Sheet(String.join("\n", lines), Pick.some(problems, problems.size(), random));
    }

    private static List<String> some(List<String> words, SplittableRandom random) {
        return Pick.some(words, random.nextInt(2, 6), random);
    }
}
