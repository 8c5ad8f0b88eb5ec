/** Measures whether a model copies and looks up; internal, used by probe and pretrain. */
@NullMarked
package dev.cairn.recipe.probe;

import org.jspecify.annotations.NullMarked;
