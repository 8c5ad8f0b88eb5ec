package dev.cairn.config;

import dev.cairn.CairnException;
import dev.cairn.support.Range;

/**
 * The learning rate over a run: it rises from 0 during the warm-up and then decays.
 *
 * @param learningRate the highest rate, reached at the end of the warm-up
 * @param lrScheduler how the rate falls after the warm-up
 * @param warmupRatio share of the steps in which the rate rises
 */
public record LearningRateSchedule(double learningRate, Decay lrScheduler, double warmupRatio) {
    /** How the learning rate falls after the warm-up. */
    public enum Decay {
        CONSTANT,
        LINEAR,
        COSINE
    }

    /**
     * @throws CairnException naming the setting that is out of range
     */
    public LearningRateSchedule {
        Range.within("learning_rate", learningRate, Range.ABOVE_0, 10);
        Range.within("warmup_ratio", warmupRatio, 0, 1);
    }

    /** The same schedule with another highest rate. */
    public LearningRateSchedule withLearningRate(double rate) {
        return new LearningRateSchedule(rate, lrScheduler, warmupRatio);
    }

    /** The learning rate of a step (counted from 0) of {@code steps}. */
    public double at(int step, int steps) {
        int warmup = (int) Math.ceil(warmupRatio * steps);
        if (step < warmup) {
            return learningRate * (step + 1) / warmup;
        }
        double done = (double) (step - warmup) / Math.max(1, steps - warmup);
        return switch (lrScheduler) {
            case CONSTANT -> learningRate;
            case LINEAR -> learningRate * (1 - done);
            case COSINE -> learningRate * 0.5 * (1 + Math.cos(Math.PI * done));
        };
    }
}
