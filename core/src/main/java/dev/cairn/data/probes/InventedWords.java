package dev.cairn.data.probes;

import dev.cairn.data.stories.Pick;
import java.util.List;
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
        return Pick.one(BEGINNINGS, random)
                + Pick.one(VOWELS, random)
                + Pick.one(MIDDLES, random)
                + Pick.one(VOWELS, random)
                + Pick.one(ENDINGS, random);
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }
}
