package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Sequences that return: words or signs without sense, said two to four times. In most of them
 * every item is another, so that what follows an item is what followed it the last time.
 */
final class Echoes {
    private static final List<String> SEPARATORS = List.of(" ", ", ", "\n", " / ", "");

    private Echoes() {}

    static Sheet draw(SplittableRandom random) {
        int length = random.nextInt(4, 25);
        List<String> items = random.nextInt(3) == 0 ? signs(length, random) : words(length, random);
        String once = String.join(Pick.one(SEPARATORS, random), items);
        List<String> copies = Collections.nCopies(random.nextInt(1, 4), once);
        return new Sheet(once, String.join("\n", copies), List.of());
    }

    private static List<String> words(int count, SplittableRandom random) {
        var lexicon = new Lexicon(random);
        return random.nextInt(3) > 0
                ? lexicon.invented(count)
                : again(lexicon.invented(Math.ceilDiv(count, 2)), count, random);
    }

    private static List<String> signs(int count, SplittableRandom random) {
        List<String> all = IntStream.rangeClosed('!', '~').mapToObj(Character::toString).toList();
        return random.nextInt(3) > 0 ? Pick.some(all, count, random) : again(all, count, random);
    }

    private static List<String> again(List<String> items, int count, SplittableRandom random) {
        return Stream.generate(() -> Pick.one(items, random)).limit(count).toList();
    }
}
