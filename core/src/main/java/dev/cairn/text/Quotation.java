package dev.cairn.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tests whether a text quotes consecutive words of another text. */
final class Quotation {
    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private Quotation() {}

    /**
     * Whether the two texts share {@code count} consecutive words, or all words of a source that
     * has fewer. Case and whatever separates the words are ignored.
     */
    static boolean in(String text, String source, int count) {
        List<String> sourceWords = words(source);
        int length = Math.min(count, sourceWords.size());
        Set<List<String>> runs = new HashSet<>(runs(sourceWords, length));
        return length > 0 && runs(words(text), length).stream().anyMatch(runs::contains);
    }

    private static List<String> words(String text) {
        return NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static List<List<String>> runs(List<String> words, int length) {
        List<List<String>> runs = new ArrayList<>();
        for (int i = 0; i + length <= words.size(); i++) {
            runs.add(words.subList(i, i + length));
        }
        return runs;
    }
}
