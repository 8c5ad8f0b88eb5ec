/** Trains a tokenizer and a base model from text. */
@NullMarked
package dev.cairn.recipe.pretraining;

import org.jspecify.annotations.NullMarked;
