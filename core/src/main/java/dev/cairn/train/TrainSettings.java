package dev.cairn.train;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;

/**
 * How a run learns; the plan says what it learns.
 *
 * @param seed seed of the dropout masks
 */
public record TrainSettings(
        LearningRateSchedule schedule,
        AdamWConfig optimizer,
        CheckpointConfig checkpoints,
        long seed) {}
