package dev.cairn.config;

import dev.cairn.CairnException;
import dev.cairn.support.Range;

/**
 * When a training run evaluates, saves a checkpoint and stops early.
 *
 * @param evalSteps steps between two evaluations on the validation set
 * @param saveSteps steps between two checkpoints
 * @param earlyStoppingPatience evaluations without improvement after which the run ends; 0 never
 *     stops early
 */
public record CheckpointConfig(int evalSteps, int saveSteps, int earlyStoppingPatience) {
    /**
     * @throws CairnException naming the setting that is out of range
     */
    public CheckpointConfig {
        Range.atLeast("eval_steps", evalSteps, 1);
        Range.atLeast("save_steps", saveSteps, 1);
        Range.atLeast("early_stopping_patience", earlyStoppingPatience, 0);
    }

    /** Whether a run stops after this many measurements without improvement. */
    public boolean endsAfter(int measurementsWithoutImprovement) {
        return earlyStoppingPatience > 0 && measurementsWithoutImprovement >= earlyStoppingPatience;
    }
}
