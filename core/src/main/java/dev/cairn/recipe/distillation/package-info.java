/** Lets a teacher write the texts that a stack is trained on. */
@NullMarked
package dev.cairn.recipe.distillation;

import org.jspecify.annotations.NullMarked;
