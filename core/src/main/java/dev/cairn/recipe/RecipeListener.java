package dev.cairn.recipe;

/**
 * Hears how a recipe goes, one event at a time, though not always on the same thread.
 *
 * <p>A listener that throws {@link java.util.concurrent.CancellationException} ends the recipe,
 * whose {@code run} throws it in turn. What was done until then is kept, and a resumed run goes on
 * from there.
 */
@FunctionalInterface
public interface RecipeListener {
    /** Hears nothing. */
    RecipeListener NONE = event -> {};

    /** Something happened. */
    void on(RecipeEvent event);
}
