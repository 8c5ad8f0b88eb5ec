/** Evaluates stacks and models, on questions and on benchmarks, and compares them. */
@NullMarked
package dev.cairn.recipe.evaluation;

import org.jspecify.annotations.NullMarked;
