/**
 * Texts of stages, written by a teacher: what to ask, what came back, and what of it is good enough
 * to learn from. A teacher is an {@link dev.cairn.text.Answerer}.
 */
@NullMarked
package dev.cairn.data.distill;

import org.jspecify.annotations.NullMarked;
