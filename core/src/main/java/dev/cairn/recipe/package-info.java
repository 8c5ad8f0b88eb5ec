/**
 * Recipes: complete jobs such as training or evaluation in one call. This package holds what they
 * share.
 */
@NullMarked
package dev.cairn.recipe;

import org.jspecify.annotations.NullMarked;
