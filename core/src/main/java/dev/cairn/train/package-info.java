/** Training: batches, AdamW and Muon, schedules, the trainer and its checkpoints. */
@NullMarked
package dev.cairn.train;

import org.jspecify.annotations.NullMarked;
