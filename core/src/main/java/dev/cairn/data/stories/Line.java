package dev.cairn.data.stories;

import org.jspecify.annotations.Nullable;

/**
 * One sentence of a story.
 *
 * @param at its position in the story, from 0
 * @param event what it reports; null for a sentence that changes nothing
 */
public record Line(int at, String text, @Nullable Event event) {}
