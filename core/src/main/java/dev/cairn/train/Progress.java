package dev.cairn.train;

/** A listener that receives every step of a run. */
@FunctionalInterface
public interface Progress {
    void step(StepLog log);
}
