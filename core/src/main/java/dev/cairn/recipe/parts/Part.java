package dev.cairn.recipe.parts;

import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;

/**
 * A part of a recipe's work that reports its beginning, progress and end to the listener.
 *
 * @param name its name, for example a stage in training, a system and its questions, or the teacher
 */
public record Part(RecipeListener listener, String name) implements AutoCloseable {
    /**
     * Begins a part.
     *
     * @param unit what {@code total} counts
     * @param done how many of them an earlier run has done
     */
    public static Part begin(
            RecipeListener listener, String name, String unit, int done, int total) {
        listener.on(new RecipeEvent.Started(name, unit, done, total));
        return new Part(listener, name);
    }

    /** A question of an evaluation was answered. */
    public void answered(int done, int total, int correct) {
        listener.on(new RecipeEvent.QuestionAnswered(name, done, total, correct));
    }

    /** An item of a benchmark was scored. */
    public void scored(int done, int total, int failed) {
        listener.on(new RecipeEvent.ItemScored(name, done, total, failed));
    }

    @Override
    public void close() {
        listener.on(new RecipeEvent.Finished(name));
    }
}
