package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Pick;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The syllables that the invented words of one document are made of. Every document has its own, so
 * that no word is met often enough to be learnt by heart.
 */
final class Tongue {
    private static final List<String> CONSONANTS =
            List.of(
                    "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "qu", "r", "s", "t",
                    "v", "w", "y", "z");
    private static final List<String> CLUSTERS =
            List.of(
                    "bl", "br", "ch", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "kr", "pl", "pr",
                    "sh", "sk", "sl", "sm", "sn", "sp", "st", "th", "tr");
    private static final List<String> VOWELS =
            List.of(
                    "a", "e", "i", "o", "u", "a", "e", "i", "o", "u", "ai", "au", "ea", "ee", "ie",
                    "io", "oa", "oo", "ou");
    private static final List<String> CODAS =
            List.of(
                    "b", "ck", "d", "f", "g", "l", "lt", "m", "n", "nd", "ng", "nt", "p", "r", "rk",
                    "rn", "rt", "s", "st", "t", "th", "x");

    private final SplittableRandom random;
    private final List<String> consonants;
    private final List<String> clusters;
    private final List<String> vowels;
    private final List<String> codas;

    Tongue(SplittableRandom random) {
        this.random = random;
        consonants = Pick.some(CONSONANTS, random.nextInt(7, 15), random);
        clusters = Pick.some(CLUSTERS, random.nextInt(2, 8), random);
        vowels = Pick.some(VOWELS, random.nextInt(5, 10), random);
        codas = Pick.some(CODAS, random.nextInt(4, 10), random);
    }

    /** A word of one to three syllables, in lower case. */
    String word() {
        int syllables = 1 + random.nextInt(5) / 2;
        var word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            // Some words begin with a vowel.
            if (i > 0 || random.nextInt(8) > 0) {
                word.append(Pick.one(random.nextInt(4) == 0 ? clusters : consonants, random));
            }
            word.append(Pick.one(vowels, random));
            if (random.nextInt(i == syllables - 1 ? 3 : 6) == 0 || syllables == 1) {
                word.append(Pick.one(codas, random));
            }
        }
        return word.toString();
    }
}
