package dev.cairn.train;

/** Is told of every step of a run. */
@FunctionalInterface
public interface Progress {
    void step(StepLog log);
}
