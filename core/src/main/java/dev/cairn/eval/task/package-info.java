/**
 * Benchmarks as small YAML files, scored as lm-evaluation-harness scores them: what is asked, what
 * a choice is, what counts as right. Knows no model, only what a {@code Scorer} or {@code Answerer}
 * said.
 */
@NullMarked
package dev.cairn.eval.task;

import org.jspecify.annotations.NullMarked;
