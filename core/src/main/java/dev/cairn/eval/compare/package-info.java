/** Compares systems on the same items: scores, their uncertainty, and costs. */
@NullMarked
package dev.cairn.eval.compare;

import org.jspecify.annotations.NullMarked;
