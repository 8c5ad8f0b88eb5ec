package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lists: places in them, neighbours, whether something is in them, and the whole list again. */
final class Lists {
    private static final List<String> ORDINALS =
            List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth");

    private final List<String> items;
    private final SplittableRandom random;

    private Lists(List<String> items, SplittableRandom random) {
        this.items = items;
        this.random = random;
    }

    static Sheet draw(SplittableRandom random) {
        var lexicon = new Lexicon(random);
        int size = random.nextInt(3, ORDINALS.size() + 1);
        List<String> all =
                switch (random.nextInt(3)) {
                    case 0 -> lexicon.names(size + 2);
                    case 1 -> lexicon.places(size + 2);
                    default -> lexicon.things(size + 2);
                };
        var lists = new Lists(all.subList(0, size), random);
        var problems = new ArrayList<Problem>();
        int count = random.nextInt(2, 7);
        for (int i = 0; i < count; i++) {
            problems.add(lists.problem(all.subList(size, all.size())));
        }
        return new Sheet(lists.text(), problems.stream().distinct().toList());
    }

    private String text() {
        return switch (random.nextInt(4)) {
            case 0 -> "List: " + String.join(", ", items);
            case 1 -> items.stream().map(item -> "- " + item).collect(Collectors.joining("\n"));
            case 2 -> String.join(" ", items);
            default ->
                    IntStream.range(0, items.size())
                            .mapToObj(i -> "%d. %s".formatted(i + 1, items.get(i)))
                            .collect(Collectors.joining("\n"));
        };
    }

    private Problem problem(List<String> others) {
        int at = random.nextInt(items.size());
        int before = random.nextInt(items.size() - 1);
        String next = items.get(before + 1);
        return switch (random.nextInt(8)) {
            case 0 ->
                    Problem.of(
                            "Which is the %s of them?".formatted(ORDINALS.get(at)), items.get(at));
            case 1 -> Problem.of("Which is the last of them?", items.getLast());
            case 2 -> Problem.of("What follows %s?".formatted(items.get(before)), next);
            case 3 -> Problem.of("What stands before %s?".formatted(next), items.get(before));
            case 4 -> Problem.of("How many are listed?", Integer.toString(items.size()));
            case 5 -> Problem.of("Say them again.", String.join(", ", items));
            case 6 -> Problem.of("Say them backwards.", String.join(", ", items.reversed()));
            default -> {
                boolean isListed = random.nextBoolean();
                String item = isListed ? items.get(at) : Pick.one(others, random);
                yield Problem.of("Is %s listed?".formatted(item), isListed ? "yes" : "no");
            }
        };
    }
}
