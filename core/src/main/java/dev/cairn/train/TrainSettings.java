package dev.cairn.train;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.OptimizerName;

/**
 * How a run learns; the plan says what it learns.
 *
 * @param optimizerName how weights are changed
 * @param optimizer settings of AdamW; Muon shares decay and clipping
 * @param seed seed of the dropout masks
 * @param gradientCheckpointing whether layers of a frozen base are computed again in the backward
 *     pass: slower, in less memory, with the same bits
 */
public record TrainSettings(
        LearningRateSchedule schedule,
        OptimizerName optimizerName,
        AdamWConfig optimizer,
        CheckpointConfig checkpoints,
        long seed,
        boolean gradientCheckpointing) {}
