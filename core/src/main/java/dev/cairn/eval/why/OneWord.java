package dev.cairn.eval.why;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes a false text by replacing one word, wherever it occurs. A second text of the same kind
 * shows which words carry meaning: a word that only the first text has is replaced by one that only
 * the second has. Words that both share, such as articles, stay.
 */
final class OneWord {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

    private OneWord() {}

    /** The text with one word replaced; empty if either text has no word of its own. */
    static Optional<String> changed(String text, String other, RandomGenerator random) {
        List<String> mine = onlyInFirst(words(text), words(other));
        List<String> theirs = onlyInFirst(words(other), words(text));
        if (mine.isEmpty() || theirs.isEmpty()) {
            return Optional.empty();
        }
        String from = mine.get(random.nextInt(mine.size()));
        String to = theirs.get(random.nextInt(theirs.size()));
        return Optional.of(
                WORD.matcher(text)
                        .replaceAll(word ->
                                Matcher.quoteReplacement(
                                        word.group().equalsIgnoreCase(from) ? to : word.group())));
    }

    private static List<String> onlyInFirst(Map<String, String> first, Map<String, String> second) {
        Map<String, String> only = new LinkedHashMap<>(first);
        only.keySet().removeAll(second.keySet());
        return new ArrayList<>(only.values());
    }

    /** The words in their first spelling, by their lower-case form. */
    private static Map<String, String> words(String text) {
        Map<String, String> words = new LinkedHashMap<>();
        WORD.matcher(text)
                .results()
                .forEach(word ->
                        words.putIfAbsent(word.group().toLowerCase(Locale.ROOT), word.group()));
        return words;
    }
}
