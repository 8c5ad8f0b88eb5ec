/**
 * Runs tasks on a system, several items at a time, saves each sample to disk as soon as it is
 * complete, and writes the same files as lm-evaluation-harness.
 */
@NullMarked
package dev.cairn.eval.run;

import org.jspecify.annotations.NullMarked;
