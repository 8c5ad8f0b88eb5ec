package dev.cairn.recipe.training;

import dev.cairn.eval.LossCurve;
import dev.cairn.recipe.TrainingOutcome;
import java.nio.file.Path;

/**
 * A base model that was trained from text.
 *
 * @param directory Hugging Face directory: configuration, tokenizer and weights
 * @param outcome the outcome of its training
 * @param curve the loss curve of all runs in this folder
 */
public record PretrainedModel(Path directory, TrainingOutcome outcome, LossCurve curve) {}
