package dev.cairn.recipe.training;

import dev.cairn.recipe.TrainingOutcome;
import java.nio.file.Path;

/**
 * A stage that was trained.
 *
 * @param name of the stage
 * @param adapter the PEFT directory of its adapter, with the run's log and checkpoint
 * @param outcome how its training ended
 */
public record TrainedStage(String name, Path adapter, TrainingOutcome outcome) {}
