package dev.cairn.recipe.training;

import dev.cairn.recipe.TrainingOutcome;
import java.nio.file.Path;

/**
 * A trained stage.
 *
 * @param name name of the stage
 * @param adapter the PEFT directory of its adapter, with the run's log and checkpoint
 * @param outcome the outcome of its training
 */
public record TrainedStage(String name, Path adapter, TrainingOutcome outcome) {}
