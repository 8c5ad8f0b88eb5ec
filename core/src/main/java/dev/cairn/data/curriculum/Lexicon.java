package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The names, places and things of one document. Most are invented; none is met twice, and none is a
 * word of {@link Words#TRAIN} or {@link Words#HELD_OUT}.
 */
final class Lexicon {
    /** Of ten kinds of words in documents, how many are invented. */
    private static final int INVENTED = 7;

    private final SplittableRandom random;
    private final Tongue tongue;
    private final boolean hasInventedNames;
    private final boolean hasInventedPlaces;
    private final boolean hasInventedThings;
    private final Set<String> used = new HashSet<>();

    Lexicon(SplittableRandom random) {
        this.random = random;
        tongue = new Tongue(random);
        hasInventedNames = random.nextInt(10) < INVENTED;
        hasInventedPlaces = random.nextInt(10) < INVENTED;
        hasInventedThings = random.nextInt(10) < INVENTED;
    }

    List<String> names(int count) {
        return hasInventedNames
                ? invented(count).stream().map(Words::capitalised).toList()
                : known(Words.EXTRA.names(), count);
    }

    List<String> places(int count) {
        return hasInventedPlaces ? invented(count) : known(Words.EXTRA.places(), count);
    }

    List<String> things(int count) {
        return hasInventedThings ? invented(count) : known(Words.EXTRA.things(), count);
    }

    /** Words that nobody has ever read, in lower case. */
    List<String> invented(int count) {
        return distinct(tongue::word, count, word -> word.length() > 2);
    }

    /** Invented words whose plural takes an s. */
    List<String> countable(int count) {
        return distinct(
                tongue::word, count, word -> word.length() > 2 && !word.matches(".*[hsxyz]"));
    }

    private List<String> known(List<String> words, int count) {
        return distinct(() -> Pick.one(words, random), count, word -> true);
    }

    private List<String> distinct(Supplier<String> words, int count, Predicate<String> fits) {
        return Stream.generate(words)
                .filter(fits)
                .filter(word -> !Words.TRAIN.has(word) && !Words.HELD_OUT.has(word))
                .filter(used::add)
                .limit(count)
                .toList();
    }
}
