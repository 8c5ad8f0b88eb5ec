/**
 * Evaluation: asks a system questions, scores the answers and computes statistics. Uses a system
 * only through the interfaces of {@code text}.
 */
@NullMarked
package dev.cairn.eval;

import org.jspecify.annotations.NullMarked;
