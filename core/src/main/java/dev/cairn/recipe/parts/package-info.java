/** Parts shared by several recipes; internal, not for use by programs. */
@NullMarked
package dev.cairn.recipe.parts;

import org.jspecify.annotations.NullMarked;
