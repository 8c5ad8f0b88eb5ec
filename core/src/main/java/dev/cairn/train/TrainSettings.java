package dev.cairn.train;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;

/**
 * How a run learns; what it learns is the plan.
 *
 * @param seed decides dropout
 */
public record TrainSettings(
        LearningRateSchedule schedule,
        AdamWConfig optimizer,
        CheckpointConfig checkpoints,
        long seed) {}
