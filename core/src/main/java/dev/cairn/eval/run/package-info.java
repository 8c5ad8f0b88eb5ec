/**
 * Runs tasks on a system, several items at a time, keeps each sample on disk as soon as it is made,
 * and writes the same files as lm-evaluation-harness.
 */
@NullMarked
package dev.cairn.eval.run;

import org.jspecify.annotations.NullMarked;
