/** Trains the adapters of a stack. */
@NullMarked
package dev.cairn.recipe.training;

import org.jspecify.annotations.NullMarked;
