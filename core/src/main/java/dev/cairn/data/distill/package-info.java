/**
 * Texts of stages, written by a teacher: what to ask, what it answered, and which answers are good
 * enough to learn from. A teacher is an {@link dev.cairn.text.Answerer}.
 */
@NullMarked
package dev.cairn.data.distill;

import org.jspecify.annotations.NullMarked;
