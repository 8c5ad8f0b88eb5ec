package dev.cairn.eval.run;

import dev.cairn.eval.task.TaskItem;
import java.util.Optional;

/** Stores samples while a task runs. Implementations are thread-safe. */
public interface SampleLog extends AutoCloseable {
    /** Stores nothing. */
    SampleLog NONE =
            new SampleLog() {
                @Override
                public Optional<Sample> find(TaskItem item) {
                    return Optional.empty();
                }

                @Override
                public void add(Sample sample) {
                    // the run's result has the scores
                }

                @Override
                public void close() {
                    // nothing to close
                }
            };

    /** The sample of an item, if an earlier run stored it. */
    Optional<Sample> find(TaskItem item);

    /**
     * Stores a sample.
     *
     * @throws dev.cairn.CairnException if that fails, which should end the run
     */
    void add(Sample sample);

    @Override
    void close();
}
