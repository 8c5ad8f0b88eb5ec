package dev.cairn.data.curriculum;

import java.util.List;

/**
 * A question about a text, and all it takes to answer it.
 *
 * @param quotes the parts of the text that decide the answer, word for word, in the order in which
 *     they are needed
 * @param steps what follows from them, a sentence per step
 */
record Problem(String question, List<String> quotes, List<String> steps, String answer) {
    Problem {
        quotes = List.copyOf(quotes);
        steps = List.copyOf(steps);
    }

    /** A problem whose answer can be read off the text. */
    static Problem lookUp(String question, String quote, String answer) {
        return new Problem(question, List.of(quote), List.of(), answer);
    }

    /** A problem that concerns the whole text. */
    static Problem of(String question, String answer) {
        return new Problem(question, List.of(), List.of(), answer);
    }

    /** What remains of it once so many of its quotes are found. */
    Problem after(int found) {
        return new Problem(question, quotes.subList(found, quotes.size()), steps, answer);
    }
}
