/** Measures how fast a model reads, writes and learns; internal, used by {@code cairn bench}. */
@NullMarked
package dev.cairn.recipe.bench;

import org.jspecify.annotations.NullMarked;
