package dev.cairn.recipe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a training.
 *
 * @param steps number of steps done; fewer than planned if it stopped early
 * @param bestStep the step whose weights were kept
 * @param validationLoss mean loss per predicted token with these weights, in nats; null without a
 *     validation set
 */
public record TrainingOutcome(int steps, int bestStep, @Nullable Double validationLoss) {
    /** A summary in words. */
    @Override
    public String toString() {
        return validationLoss == null
                ? steps + " steps, no validation set"
                : String.format(
                        Locale.ROOT,
                        "%d steps, best validation loss %.4f at step %d",
                        steps,
                        validationLoss,
                        bestStep);
    }
}
