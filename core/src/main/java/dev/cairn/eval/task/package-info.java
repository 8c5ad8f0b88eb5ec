/**
 * Benchmarks described by small YAML files and scored as in lm-evaluation-harness: questions,
 * choices and correct answers. Does not depend on a model, only on the output of a {@code
 * LoglikelihoodScorer} or an {@code Answerer}.
 */
@NullMarked
package dev.cairn.eval.task;

import org.jspecify.annotations.NullMarked;
