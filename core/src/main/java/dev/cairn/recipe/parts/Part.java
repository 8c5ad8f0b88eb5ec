package dev.cairn.recipe.parts;

import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;

/**
 * A part of a recipe's work as its listener hears of it: begun, come so far, ended.
 *
 * @param name what it is: a stage that is trained, a system and its questions, the teacher ...
 */
public record Part(RecipeListener listener, String name) implements AutoCloseable {
    /**
     * Begins a part.
     *
     * @param unit what {@code total} counts
     * @param done how many an earlier run has done
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
