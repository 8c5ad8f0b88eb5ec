package dev.cairn.eval.why;

import org.jspecify.annotations.Nullable;

/**
 * What may stand for the text a stage wrote.
 *
 * @param other what the stage wrote for another question; null when it wrote the same for all
 * @param altered its own text with one word changed; null when no word can be
 */
record Swap(@Nullable String other, @Nullable String altered) {
    static final Swap NONE = new Swap(null, null);
}
