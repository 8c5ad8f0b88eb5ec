/**
 * Error attribution for systems of stages: which stage causes an error, how errors accumulate, and
 * whether the answer follows the stages' texts.
 */
@NullMarked
package dev.cairn.eval.why;

import org.jspecify.annotations.NullMarked;
