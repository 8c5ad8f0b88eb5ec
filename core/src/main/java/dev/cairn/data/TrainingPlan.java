package dev.cairn.data;

import java.util.List;

/**
 * A plan of which examples are learnt in which step. It is fixed before training begins, so that a
 * resumed run continues exactly where it was interrupted.
 */
public interface TrainingPlan {
    /** The total number of optimiser steps. */
    int steps();

    /**
     * The micro-batches of one step (counted from 0); the examples of each are packed side by side
     * and do not see each other.
     */
    List<List<TokenExample>> step(int step);
}
