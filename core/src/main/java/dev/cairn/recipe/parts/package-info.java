/** What several recipes need; not for programs. */
@NullMarked
package dev.cairn.recipe.parts;

import org.jspecify.annotations.NullMarked;
