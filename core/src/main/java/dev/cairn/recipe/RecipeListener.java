package dev.cairn.recipe;

/**
 * Hears how a recipe goes, one event at a time, though not always on the same thread.
 *
 * <p>What a listener throws ends the recipe and comes out of its {@code run}: a program that wants
 * to be able to cancel asks its {@link dev.cairn.Cancellation} here, or throws {@link
 * java.util.concurrent.CancellationException}. What was done until then is kept, and a resumed run
 * goes on from there.
 */
@FunctionalInterface
public interface RecipeListener {
    /** Hears nothing. */
    RecipeListener NONE = event -> {};

    /** Something happened. */
    void on(RecipeEvent event);
}
