package dev.cairn.recipe.training;

import dev.cairn.eval.LossCurve;
import dev.cairn.recipe.TrainingOutcome;
import java.nio.file.Path;

/**
 * A base model that was trained from text.
 *
 * @param directory Hugging Face directory: configuration, tokenizer and weights
 * @param outcome how its training ended
 * @param curve how the loss went down, of all runs in this folder
 */
public record PretrainedModel(Path directory, TrainingOutcome outcome, LossCurve curve) {}
