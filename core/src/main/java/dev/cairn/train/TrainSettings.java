package dev.cairn.train;

import dev.cairn.AdamWConfig;
import dev.cairn.CheckpointConfig;
import dev.cairn.LearningRateSchedule;

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
