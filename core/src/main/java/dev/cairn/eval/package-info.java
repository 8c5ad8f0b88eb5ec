/** Evaluation: scoring, statistics, reports. Sees only the seams of {@code text}. */
@NullMarked
package dev.cairn.eval;

import org.jspecify.annotations.NullMarked;
