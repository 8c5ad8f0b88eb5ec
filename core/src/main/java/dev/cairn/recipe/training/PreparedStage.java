package dev.cairn.recipe.training;

import dev.cairn.model.LoraAdapter;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.TrainingOutcome;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;

/** A stage that is ready for training. */
record PreparedStage(StageConfig stage, LoraAdapter adapter, TrainingRun run) {
    /**
     * Trains the stage and saves its adapter. With {@code resume}, continues from an earlier run's
     * checkpoint; a finished adapter is left as it is.
     */
    TrainedStage train(boolean resume, RecipeListener listener) {
        TrainingOutcome outcome;
        try (Steps steps = new Steps(stage.name(), listener)) {
            outcome = Steps.outcome(Trainer.train(run, resume, steps));
            if (steps.any() || !LoraAdapter.exists(run.directory())) {
                adapter.save(run.directory());
            }
        }
        listener.on(new RecipeEvent.StageTrained(stage.name(), outcome));
        return new TrainedStage(stage.name(), run.directory(), outcome);
    }
}
