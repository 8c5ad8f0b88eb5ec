/**
 * Evaluation: questions put to a system, scored, with statistics. Knows a system only by the seams
 * of {@code text}.
 */
@NullMarked
package dev.cairn.eval;

import org.jspecify.annotations.NullMarked;
