package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.eval.task.TaskItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Puts the items of a task to a system, several at a time. */
public final class Runner {
    /** As many items in a row without an answer mean that there will be none. */
    private static final int HOPELESS = 10;

    private final ModelUnderTest model;
    private final int threads;

    private Runner(ModelUnderTest model, int threads) {
        this.model = model;
        this.threads = threads;
    }

    /** A runner that keeps this many items in flight. */
    public static Runner of(ModelUnderTest model, int threads) {
        return new Runner(model, threads);
    }

    /** Hears how far it has come, never from two threads at once. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after every item.
         *
         * @param done items so far, those of earlier runs and the failed ones included
         * @param total items of the task
         * @param failed of those done
         */
        void update(int done, int total, int failed);
    }

    /**
     * Asks what the log does not have yet. A {@link CairnException} on one item is recorded as that
     * item's failure and does not disturb the others; the next run asks it again.
     *
     * @throws CairnException when ten items in a row fail, a sample cannot be kept, or the calling
     *     thread is interrupted; what was kept before stays
     */
    public TaskOutcome run(TaskRun taskRun, SampleLog log, Progress progress) {
        Running running = new Running(model, taskRun, log, progress);
        List<TaskItem> open = running.open();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        threads, Thread.ofPlatform().daemon().name("eval-", 0).factory())) {
            CompletionService<Void> ends = new ExecutorCompletionService<>(workers);
            try {
                open.forEach(item -> ends.submit(() -> running.take(item), null));
                for (int i = 0; i < open.size(); i++) {
                    await(ends, taskRun);
                }
            } finally {
                workers.shutdownNow();
            }
        }
        return running.result();
    }

    /** Waits for whichever item ends next, so that an error ends the run at once. */
    private static void await(CompletionService<Void> ends, TaskRun taskRun) {
        try {
            ends.take().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException("task %s: interrupted".formatted(taskRun.task()), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CairnException cause) {
                throw cause;
            }
            if (e.getCause() instanceof CancellationException cancelled) {
                throw cancelled;
            }
            throw new IllegalStateException("task " + taskRun.task(), e.getCause());
        }
    }

    /** One task on its way. */
    private static final class Running {
        private final ModelUnderTest model;
        private final TaskRun taskRun;
        private final SampleLog log;
        private final Progress progress;
        private final Map<String, Sample> samples = new ConcurrentHashMap<>();
        private final Map<String, Failure> failures = new ConcurrentHashMap<>();
        private int failedInARow;
        private @Nullable CairnException over;

        Running(ModelUnderTest model, TaskRun taskRun, SampleLog log, Progress progress) {
            this.model = model;
            this.taskRun = taskRun;
            this.log = log;
            this.progress = progress;
        }

        /** The items that are not known from an earlier run. */
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
            throwIfOver();
            try {
                keep(new Asking(model).ask(item, taskRun.metrics()));
                succeeded();
            } catch (CairnException e) {
                throwIfOver(); // else an interrupted item would be taken for a failed one
                failed(item, String.valueOf(e.getMessage()));
            }
        }

        private void keep(Sample sample) {
            try {
                log.add(sample);
            } catch (CairnException e) {
                throw over(e);
            }
            samples.put(sample.id(), sample);
        }

        private synchronized void succeeded() {
            failedInARow = 0;
            update();
        }

        private synchronized void failed(TaskItem item, String error) {
            failures.put(item.id(), new Failure(taskRun.task(), item.docId(), item.id(), error));
            if (++failedInARow >= HOPELESS) {
                throw over(
                        new CairnException(
                                "task %s: %d items in a row failed; the last was %s: %s"
                                        .formatted(taskRun.task(), failedInARow, item.id(), error)));
            }
            update();
        }

        private void update() {
            progress.update(samples.size() + failures.size(), taskRun.items().size(), failures.size());
        }

        /** Notes what ends the run: the first such error, whichever thread it is that meets it. */
        private synchronized CairnException over(CairnException error) {
            if (over == null) {
                over = error;
            }
            return over;
        }

        private synchronized void throwIfOver() {
            if (over != null) {
                throw over;
            }
        }

        TaskOutcome result() {
            List<Sample> inOrder = new ArrayList<>();
            List<Failure> failed = new ArrayList<>();
            for (TaskItem item : taskRun.items()) {
                Optional.ofNullable(samples.get(item.id())).ifPresent(inOrder::add);
                Optional.ofNullable(failures.get(item.id())).ifPresent(failed::add);
            }
            return new TaskOutcome(taskRun, inOrder, failed);
        }
    }
}
