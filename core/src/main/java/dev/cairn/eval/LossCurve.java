package dev.cairn.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the loss went down during one training run.
 *
 * @param name of the stage or run
 * @param points in the order of their steps
 */
public record LossCurve(String name, List<Point> points) {
    public LossCurve {
        points = List.copyOf(points);
    }

    /**
     * The loss at one step.
     *
     * @param step optimiser steps done
     * @param trainLoss mean negative log-likelihood per trained token, in nats; NaN where none was
     *     measured
     * @param valLoss the same on the validation split, or null where it was not measured
     */
    public record Point(long step, double trainLoss, @Nullable Double valLoss) {}
}
