package dev.cairn.data;

import java.util.List;

/**
 * Which examples are learnt in which step. It is fixed before training begins, so that a resumed
 * run continues exactly where it was interrupted.
 */
public interface TrainingPlan {
    /** Optimiser steps in all. */
    int steps();

    /**
     * The micro-batches of one step (counted from 0); the examples of each are packed side by side
     * and do not see each other.
     */
    List<List<TokenExample>> step(int step);
}
