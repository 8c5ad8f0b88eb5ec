package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tables of keys and values, to look up in both directions. Some return once, in another order, so
 * that every value has to be found by its key.
 */
final class Tables {
    /** A format string of a row: key, attribute, value; some leave the attribute out. */
    private static final List<String> ROWS =
            List.of(
                    "%1$s: %3$s",
                    "%1$s = %3$s",
                    "%1$s | %3$s",
                    "%1$s -> %3$s",
                    "%1$s, %2$s %3$s",
                    "The %2$s of %1$s is %3$s.",
                    "%1$s has the %2$s %3$s.");

    private static final List<String> ATTRIBUTES =
            List.of("number", "code", "colour", "sign", "price", "label", "home", "friend", "age");
    private static final List<String> LOOK_UPS =
            List.of("What is the %2$s of %1$s?", "Give the %2$s of %1$s.", "%1$s: which %2$s?");
    private static final List<String> REVERSED =
            List.of("Which one has the %2$s %3$s?", "Whose %2$s is %3$s?", "%3$s is the %2$s of?");

    private Tables() {}

    static Sheet draw(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        int size = random.nextInt(2, 13);
        List<String> keys = random.nextBoolean() ? lexicon.names(size) : lexicon.things(size);
        List<String> values = values(size, lexicon, random);
        String attribute = Pick.one(ATTRIBUTES, random);
        String row = Pick.one(ROWS, random);
        List<String> rows =
                IntStream.range(0, size)
                        .mapToObj(i -> row.formatted(keys.get(i), attribute, values.get(i)))
                        .toList();
        var problems = new ArrayList<Problem>();
        List<Integer> order = Pick.some(IntStream.range(0, size).boxed().toList(), size, random);
        for (int i : order.subList(0, Math.min(size, random.nextInt(2, 7)))) {
            boolean reversed = random.nextInt(3) == 0;
            String question =
                    Pick.one(reversed ? REVERSED : LOOK_UPS, random)
                            .formatted(keys.get(i), attribute, values.get(i));
            String answer = reversed ? keys.get(i) : values.get(i);
            problems.add(Problem.lookUp(question, rows.get(i), answer));
        }
        boolean returns = random.nextInt(3) == 0;
        String again = returns ? String.join("\n", Pick.some(rows, size, random)) : "";
        return new Sheet(String.join("\n", rows), again, problems);
    }

    private static List<String> values(int count, Lexicon lexicon, SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> lexicon.places(count);
            case 1 -> lexicon.names(count);
            case 2 -> lexicon.invented(count);
            default ->
                    Stream.generate(() -> Integer.toString(random.nextInt(10, 1000)))
                            .distinct()
                            .limit(count)
                            .toList();
        };
    }
}
