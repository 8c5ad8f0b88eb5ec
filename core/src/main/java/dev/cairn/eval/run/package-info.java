/**
 * Putting tasks to a system: item by item, several at a time, kept on the disk as it goes, and
 * summed up in the files that lm-evaluation-harness writes too.
 */
@NullMarked
package dev.cairn.eval.run;

import org.jspecify.annotations.NullMarked;
