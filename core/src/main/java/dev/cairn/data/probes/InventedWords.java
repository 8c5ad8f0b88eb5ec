package dev.cairn.data.probes;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Words such as "brahent" or "shoxick". Their syllables are not those of the words that generated
 * stories invent: those begin with one consonant, never with two or with those in the middle here.
 */
final class InventedWords {
    private static final List<String> BEGINNINGS =
            words("bl br ch cl cr dr fl fr gl gr pl pr qu sh sk sl sm sn sp st sw th tr tw wh");

    private static final List<String> VOWELS = words("a e i o u");
    private static final List<String> MIDDLES = words("c h j w x y");
    private static final List<String> ENDINGS = words("ck ft lk mp nd nk nt sk th x");

    private InventedWords() {}

    /** {@code count} different words. */
    static List<String> some(int count, SplittableRandom random) {
        return Stream.generate(() -> word(random)).distinct().limit(count).toList();
    }

    private static String word(SplittableRandom random) {
        return one(BEGINNINGS, random)
                + one(VOWELS, random)
                + one(MIDDLES, random)
                + one(VOWELS, random)
                + one(ENDINGS, random);
    }

    static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static String one(List<String> parts, SplittableRandom random) {
        return parts.get(random.nextInt(parts.size()));
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
