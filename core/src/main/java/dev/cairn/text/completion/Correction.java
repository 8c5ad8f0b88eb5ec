package dev.cairn.text.completion;

import java.util.Map;

/**
 * A person's correction of what a stage wrote.
 *
 * @param stack id of the stack
 * @param stage name of the corrected stage
 * @param input the stack's input
 * @param texts outputs of earlier stages by name, whether generated or set
 * @param text what the stage should have written
 */
public record Correction(
        String stack, String stage, String input, Map<String, String> texts, String text) {
    public Correction {
        texts = Map.copyOf(texts);
    }

    /** Stores corrections until the next training. */
    @FunctionalInterface
    public interface Store {
        /**
         * Stores a correction durably: once this returns, no crash can lose it.
         *
         * @return the file it was added to, for display
         * @throws RequestException if there is no such stage, or a text that the stage reads is
         *     missing
         */
        String add(Correction correction);
    }
}
