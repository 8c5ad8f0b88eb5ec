package dev.cairn.eval.run;

import dev.cairn.eval.task.TaskItem;
import java.util.Optional;

/** Where samples are kept while a task runs; used by several threads at once. */
public interface SampleLog extends AutoCloseable {
    /** Keeps nothing. */
    SampleLog NONE =
            new SampleLog() {
                @Override
                public Optional<Sample> find(TaskItem item) {
                    return Optional.empty();
                }

                @Override
                public void add(Sample sample) {
                    // what was scored is in the run's result
                }

                @Override
                public void close() {
                    // nothing is open
                }
            };

    /** The sample of an item, if an earlier run kept it. */
    Optional<Sample> find(TaskItem item);

    /**
     * Keeps a sample.
     *
     * @throws dev.cairn.CairnException when that fails, which should end the run
     */
    void add(Sample sample);

    @Override
    void close();
}
