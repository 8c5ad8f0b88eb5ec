package dev.cairn.text.completion;

import java.util.Map;

/**
 * What a person says a stage should have written.
 *
 * @param stack id of the stack
 * @param stage name of the stage that is corrected
 * @param input what the stack was asked
 * @param texts what earlier stages wrote, or were given, by name
 * @param text what the stage should have written
 */
public record Correction(
        String stack, String stage, String input, Map<String, String> texts, String text) {
    public Correction {
        texts = Map.copyOf(texts);
    }

    /** Where corrections are kept until the next training. */
    @FunctionalInterface
    public interface Book {
        /**
         * Keeps a correction; when this returns, no crash can lose it.
         *
         * @return the file it was added to, for people
         * @throws RequestException when there is no such stage, or a text it reads is missing
         */
        String add(Correction correction);
    }
}
