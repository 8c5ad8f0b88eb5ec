/**
 * Benchmarks described by small YAML files and scored as lm-evaluation-harness scores them: what is
 * asked, what the choices are, what counts as right. Knows no model, only what a {@code Scorer} or
 * {@code Answerer} said.
 */
@NullMarked
package dev.cairn.eval.task;

import org.jspecify.annotations.NullMarked;
