/** Trains the adapters of a stack, or a tokenizer and a base model from text. */
@NullMarked
package dev.cairn.recipe.training;

import org.jspecify.annotations.NullMarked;
