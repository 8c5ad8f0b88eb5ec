package dev.cairn.eval;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loss curve of one training run.
 *
 * @param name name of the stage or run
 * @param points points in the order of their steps
 */
public record LossCurve(String name, List<Point> points) {
    public LossCurve {
        points = List.copyOf(points);
    }

    /**
     * The loss at one step.
     *
     * @param step optimiser steps done
     * @param trainLoss mean negative log-likelihood per trained token, in nats; NaN if it was not
     *     measured
     * @param valLoss the same on the validation split; null if it was not measured
     */
    public record Point(long step, double trainLoss, @Nullable Double valLoss) {}
}
