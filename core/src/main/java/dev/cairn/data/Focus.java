package dev.cairn.data;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what a question is about without understanding it. */
final class Focus {
    private static final Set<String> STOP_WORDS =
            Set.of(
                    "a", "an", "and", "are", "as", "at", "by", "can", "could", "did", "do", "does",
                    "for", "from", "had", "has", "have", "he", "her", "him", "his", "how", "i",
                    "if", "in", "into", "is", "it", "its", "many", "much", "no", "not", "of", "on",
                    "or", "she", "should", "so", "than", "that", "the", "their", "them", "then",
                    "there", "they", "this", "to", "was", "were", "what", "when", "where", "which",
                    "who", "whom", "whose", "why", "will", "with", "would", "you");

    private Focus() {}

    /**
     * The distinct words of {@code question}, except stop words, that also occur in {@code
     * statements}, in the question's order and spelling; if there are none, the question itself
     * without its question mark.
     */
    static String of(String question, Collection<String> statements) {
        Set<String> known =
                statements.stream()
                        .flatMap(Focus::words)
                        .map(Focus::lower)
                        .collect(Collectors.toSet());
        List<String> shared =
                words(question)
                        .filter(word -> known.contains(lower(word)))
                        .filter(word -> !STOP_WORDS.contains(lower(word)))
                        .distinct()
                        .toList();
        return shared.isEmpty() ? question.replaceFirst("\\s*\\?+$", "") : String.join(" ", shared);
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.split("[^\\p{L}\\p{N}'-]+")).filter(word -> !word.isEmpty());
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }
}
