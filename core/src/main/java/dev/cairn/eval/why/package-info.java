/**
 * Why a system of stages is right or wrong: which stage an error comes from, how errors add up, and
 * whether the answer follows what the stages write.
 */
@NullMarked
package dev.cairn.eval.why;

import org.jspecify.annotations.NullMarked;
