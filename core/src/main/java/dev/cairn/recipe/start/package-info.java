/** Writes stacks to start from; internal, used by {@code cairn new}. */
@NullMarked
package dev.cairn.recipe.start;

import org.jspecify.annotations.NullMarked;
