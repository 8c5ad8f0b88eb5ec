/** Locks a stack: writes down digests of all it is made of, and says later what has changed. */
@NullMarked
package dev.cairn.recipe.lock;

import org.jspecify.annotations.NullMarked;
