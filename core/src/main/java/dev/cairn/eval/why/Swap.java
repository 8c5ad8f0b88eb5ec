package dev.cairn.eval.why;

import org.jspecify.annotations.Nullable;

/**
 * Replacements for a stage's text.
 *
 * @param other the stage's text for another question; null if it wrote the same for all
 * @param altered its own text with one word changed; null if no word can be changed
 */
record Swap(@Nullable String other, @Nullable String altered) {
    static final Swap NONE = new Swap(null, null);
}
