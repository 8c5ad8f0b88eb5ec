package dev.cairn.recipe;

/**
 * Receives the events of a recipe, one at a time, but not always on the same thread.
 *
 * <p>A listener that throws {@link java.util.concurrent.CancellationException} cancels the recipe,
 * whose {@code run} then throws it. The work done so far is kept, and a resumed run continues from
 * there.
 */
@FunctionalInterface
public interface RecipeListener {
    /** Ignores all events. */
    RecipeListener NONE = event -> {};

    /** Receives an event. */
    void on(RecipeEvent event);
}
