package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.eval.ItemFailure;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.support.CircuitBreaker;
import dev.cairn.support.ParallelTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs the items of a task on a system, several at a time. */
public final class Runner {
    /** After this many consecutive failures the others would fail too. */
    private static final int MAX_FAILURES = 10;

    private final ModelUnderTest model;
    private final ParallelTasks tasks;

    private Runner(ModelUnderTest model, ParallelTasks tasks) {
        this.model = model;
        this.tasks = tasks;
    }

    /**
     * A runner that keeps this many items in flight.
     *
     * @throws CairnException if {@code threads} is less than 1
     */
    public static Runner of(ModelUnderTest model, int threads) {
        return new Runner(model, ParallelTasks.on(threads, "eval"));
    }

    /** Receives the progress, never from two threads at once. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after every item.
         *
         * @param done number of items so far, including those of earlier runs and failed ones
         * @param total number of items of the task
         * @param failed number of failed items so far
         */
        void update(int done, int total, int failed);
    }

    /**
     * Runs the items that the log does not have yet. A {@link CairnException} on one item is
     * recorded as that item's failure and does not affect the others; the next run tries it again.
     *
     * @throws CairnException if ten items in a row fail, a sample cannot be saved, or the calling
     *     thread is interrupted; samples saved before remain
     */
    public TaskOutcome run(TaskRun taskRun, SampleLog log, Progress progress) {
        Running running = new Running(model, taskRun, log, progress);
        tasks.forEach(
                running.open(),
                running::take,
                done -> "task %s: interrupted".formatted(taskRun.task()));
        return running.outcome();
    }

    /** The state of one run. */
    private static final class Running {
        private final ModelUnderTest model;
        private final TaskRun taskRun;
        private final SampleLog log;
        private final Progress progress;
        private final Map<String, Sample> samples = new ConcurrentHashMap<>();
        private final Map<String, ItemFailure> failures = new ConcurrentHashMap<>();
        private final CircuitBreaker breaker = new CircuitBreaker(MAX_FAILURES);

        Running(ModelUnderTest model, TaskRun taskRun, SampleLog log, Progress progress) {
            this.model = model;
            this.taskRun = taskRun;
            this.log = log;
            this.progress = progress;
        }

        /** The items without a sample from an earlier run. */
        List<TaskItem> open() {
            List<TaskItem> open = new ArrayList<>();
            for (TaskItem item : taskRun.items()) {
                Optional<Sample> known = log.find(item);
                known.ifPresent(sample -> samples.put(item.id(), sample));
                if (known.isEmpty()) {
                    open.add(item);
                }
            }
            return open;
        }

        void take(TaskItem item) {
            breaker.throwIfOpen();
            try {
                keep(new Asking(model).ask(item, taskRun.metrics()));
                succeeded();
            } catch (CairnException e) {
                breaker.throwIfOpen(); // otherwise an interrupted item would be counted as failed
                failed(item, String.valueOf(e.getMessage()));
            }
        }

        private void keep(Sample sample) {
            try {
                log.add(sample);
            } catch (CairnException e) {
                throw breaker.open(e);
            }
            samples.put(sample.id(), sample);
        }

        private synchronized void succeeded() {
            breaker.succeeded();
            update();
        }

        private synchronized void failed(TaskItem item, String error) {
            failures.put(
                    item.id(), new ItemFailure(taskRun.task(), item.docId(), item.id(), error));
            breaker.failed(inARow ->
                    new CairnException(
                            "task %s: %d items in a row failed; the last was %s: %s"
                                    .formatted(taskRun.task(), inARow, item.id(), error)));
            update();
        }

        private void update() {
            progress.update(
                    samples.size() + failures.size(), taskRun.items().size(), failures.size());
        }

        TaskOutcome outcome() {
            List<Sample> inOrder = new ArrayList<>();
            List<ItemFailure> failed = new ArrayList<>();
            for (TaskItem item : taskRun.items()) {
                Optional.ofNullable(samples.get(item.id())).ifPresent(inOrder::add);
                Optional.ofNullable(failures.get(item.id())).ifPresent(failed::add);
            }
            return new TaskOutcome(taskRun, inOrder, failed);
        }
    }
}
