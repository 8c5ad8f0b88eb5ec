package dev.cairn.recipe;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a training ended.
 *
 * @param steps steps done; fewer than planned when it stopped early
 * @param bestStep the step whose weights were kept
 * @param validationLoss mean loss per predicted token with these weights, in nats; null without a
 *     validation set
 */
public record TrainingOutcome(int steps, int bestStep, @Nullable Double validationLoss) {
    /** In words. */
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
