package dev.cairn.recipe.training;

import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.TrainingOutcome;
import dev.cairn.recipe.parts.Part;
import dev.cairn.train.Progress;
import dev.cairn.train.StepLog;
import dev.cairn.train.Trainer;
import org.jspecify.annotations.Nullable;

/**
 * Reports the steps of a run to a listener; reports nothing for a run that was already finished.
 */
final class Steps implements Progress, AutoCloseable {
    private final String name;
    private final RecipeListener listener;
    private @Nullable Part part;

    Steps(String name, RecipeListener listener) {
        this.name = name;
        this.listener = listener;
    }

    @Override
    public void step(StepLog log) {
        if (part == null) {
            part = Part.begin(listener, name, "steps", log.step() - 1, log.steps());
        }
        listener.on(
                new RecipeEvent.TrainingStep(
                        name,
                        log.step(),
                        log.steps(),
                        log.loss(),
                        log.valLoss(),
                        log.measures(),
                        log.tokens(),
                        log.seconds()));
    }

    static TrainingOutcome outcome(Trainer.Outcome outcome) {
        return new TrainingOutcome(outcome.steps(), outcome.bestStep(), outcome.validationLoss());
    }

    /** Whether there were any steps. */
    boolean any() {
        return part != null;
    }

    @Override
    public void close() {
        if (part != null) {
            part.close();
        }
    }
}
