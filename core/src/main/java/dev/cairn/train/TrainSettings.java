package dev.cairn.train;

import dev.cairn.CairnException;
import org.jspecify.annotations.Nullable;

/**
 * How a run learns; what it learns is the plan.
 *
 * @param warmupRatio share of the steps in which the learning rate rises from 0
 * @param weightDecay decoupled, on matrices
 * @param maxGradNorm the gradient's length is clipped to this; 0 does not clip
 * @param evalSteps steps between two measurements on the validation set
 * @param saveSteps steps between two checkpoints
 * @param earlyStoppingPatience measurements without improvement after which the run ends; null
 *     never
 * @param seed decides dropout
 */
public record TrainSettings(
        double learningRate,
        Decay lrScheduler,
        double warmupRatio,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        double maxGradNorm,
        int evalSteps,
        int saveSteps,
        @Nullable Integer earlyStoppingPatience,
        long seed) {
    /**
     * @throws CairnException naming the setting that is out of range
     */
    public TrainSettings {
        atLeastOne("eval_steps", evalSteps);
        atLeastOne("save_steps", saveSteps);
        if (earlyStoppingPatience != null) {
            atLeastOne("early_stopping_patience", earlyStoppingPatience);
        }
    }

    private static void atLeastOne(String key, int value) {
        if (value < 1) {
            throw new CairnException(key + ": expected at least 1, found " + value);
        }
    }

    /** How the learning rate falls after the warm-up. */
    public enum Decay {
        CONSTANT,
        LINEAR,
        COSINE
    }

    /** The learning rate of a step (counted from 0) of {@code steps}. */
    double learningRate(int step, int steps) {
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
