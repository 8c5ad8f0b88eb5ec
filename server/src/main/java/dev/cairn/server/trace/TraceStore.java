package dev.cairn.server.trace;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Traces in an SQLite file, where they are found again. Safe for use by many threads; one thread of
 * the store's own writes, and two read, because a virtual thread that waits inside SQLite would
 * keep a processor from all others.
 */
public final class TraceStore implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int WAITING = 256;
    private static final int READERS = 2;

    /** Traces between two times that what deleting left free is given back. */
    private static final int SWEEP = 64;

    /** What is given back at a time, so that no answer waits for it. */
    private static final int PAGES = 2048;

    private static final int WORD_PAGES = 8 * PAGES;

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final TraceDatabase file;
    private final TraceSettings settings;
    private final Consumer<String> warnings;
    private final InstantSource clock;
    private final UlidGenerator ids;
    private final Connection connection;
    private final TraceTable rows;
    private final ThreadPoolExecutor writer = threads("traces-write", 1);
    private final ThreadPoolExecutor readers = threads("traces-read", READERS);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    /** Of the writing thread alone: how many there are, and how many came since the last sweep. */
    private long count;

    private int unswept;

    private TraceStore(
            TraceDatabase file,
            TraceSettings settings,
            Consumer<String> warnings,
            InstantSource clock) {
        this.file = file;
        this.settings = settings;
        this.warnings = warnings;
        this.clock = clock;
        this.ids = UlidGenerator.of(clock);
        this.connection = file.writing();
        this.rows = new TraceTable(connection);
    }

    /**
     * Opens a file of traces, or begins one that only its owner may read; what is too old is
     * deleted.
     *
     * @param warnings is told, once, that traces are lost
     * @throws CairnException when it cannot be read and written, or holds something else
     */
    static TraceStore open(
            Path path, TraceSettings settings, Consumer<String> warnings, InstantSource clock) {
        TraceStore store = new TraceStore(new TraceDatabase(path), settings, warnings, clock);
        try {
            store.get(store.writer.submit(() -> store.committing(store::tidy)));
        } catch (CairnException e) {
            store.close();
            throw e;
        }
        return store;
    }

    private static ThreadPoolExecutor threads(String name, int count) {
        return new ThreadPoolExecutor(
                count,
                count,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /**
     * Keeps a trace. A full disk or a locked file loses it, and that is all: it is counted, and the
     * first one is told of.
     *
     * @return the trace's id; nothing when it is not in the file after a second
     */
    Optional<String> add(TraceRecord recorded) {
        try {
            return Optional.of(
                    writer.submit(() -> committing(rows -> insert(rows, recorded)))
                            .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            lose(reason(e.getCause()));
        } catch (TimeoutException | RejectedExecutionException e) {
            lose("the disk is too slow, or another process has locked the file");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private static String reason(@Nullable Throwable e) {
        return e instanceof SQLException sql ? TraceDatabase.reason(sql) : String.valueOf(e);
    }

    private void lose(String reason) {
        lost.incrementAndGet();
        if (!hasWarned.getAndSet(true)) {
            warnings.accept(
                    "%s: a trace is lost: %s; answers go on, and this is said once"
                            .formatted(file.path(), reason));
        }
    }

    /** How many traces could not be kept. */
    public long lost() {
        return lost.get();
    }

    /**
     * Traces that fit, newest first.
     *
     * @throws CairnException when the file cannot be read
     */
    public TracePage list(TraceQuery query) {
        return reading(rows -> rows.list(query));
    }

    /**
     * One trace.
     *
     * @throws CairnException when the file cannot be read
     */
    public Optional<StoredTrace> get(String id) {
        return reading(rows -> rows.get(id));
    }

    /**
     * Marks an answer, or a stage of it.
     *
     * @param stage null for the answer
     * @param mark null takes the mark away
     * @return whether there is such a trace with such a stage
     * @throws CairnException when the file cannot be written
     */
    public boolean mark(String id, @Nullable String stage, @Nullable Rating mark) {
        return get(submit(writer, () -> committing(rows -> rows.mark(id, stage, mark))));
    }

    /**
     * Deletes a trace for good.
     *
     * @return whether there was one
     * @throws CairnException when the file cannot be written
     */
    public boolean delete(String id) {
        return get(submit(writer, () -> committing(rows -> forget(rows, id))));
    }

    private boolean forget(TraceTable from, String id) throws SQLException {
        int deleted = from.delete(id);
        count -= deleted;
        return deleted > 0;
    }

    private <T> T reading(Work<T> work) {
        return get(
                submit(
                        readers,
                        () -> {
                            try (Connection reading = file.reading()) {
                                return work.on(new TraceTable(reading));
                            }
                        }));
    }

    private <T> Future<T> submit(ThreadPoolExecutor threads, Callable<T> work) {
        try {
            return threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new CairnException(file.path() + ": too many are waiting; try again", e);
        }
    }

    private <T> T get(Future<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new CairnException(file.path() + ": cannot be used: " + reason(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(file.path() + ": interrupted while it was used", e);
        }
    }

    /** All of a change or nothing of it. */
    private <T> T committing(Work<T> work) throws SQLException {
        try {
            TraceDatabase.execute(connection, TraceDatabase.BEGIN);
            T result = work.on(rows);
            TraceDatabase.execute(connection, TraceDatabase.COMMIT);
            return result;
        } catch (SQLException | RuntimeException e) {
            unswept = SWEEP;
            rollBack();
            throw e;
        }
    }

    private void rollBack() {
        try {
            TraceDatabase.execute(connection, TraceDatabase.ROLLBACK);
        } catch (SQLException e) {
            return; // it had not begun, or SQLite had done so when the disk was full
        }
    }

    private String insert(TraceTable into, TraceRecord recorded) throws SQLException {
        String id = ids.next();
        into.insert(id, recorded);
        count++;
        keepWithin(into);
        if (++unswept >= SWEEP) {
            sweep(into);
        }
        return id;
    }

    private boolean keepWithin(TraceTable kept) throws SQLException {
        long before = count;
        count -= kept.deleteBefore(UlidGenerator.from(clock.instant().minus(settings.longest())));
        if (count > settings.mostTraces()) {
            count -= kept.deleteOldest(count - settings.mostTraces());
        }
        return count < before;
    }

    /** At the start, when much may have become too old at once and no answer waits. */
    private boolean tidy(TraceTable tidied) throws SQLException {
        count = tidied.count();
        if (keepWithin(tidied)) {
            tidied.mergeWords(WORD_PAGES);
        }
        tidied.shrink(Integer.MAX_VALUE);
        return true;
    }

    /** Counts anew, for another process may write too, and gives back what deleting left free. */
    private void sweep(TraceTable swept) throws SQLException {
        count = swept.count();
        keepWithin(swept);
        swept.shrink(PAGES);
        unswept = 0;
    }

    /** Ends what is being written, and waits no longer than that may take. */
    @Override
    public void close() {
        readers.shutdown();
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                return; // left open: a connection may not be closed while it is used
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        TraceDatabase.close(connection);
    }

    /** What is done with rows. */
    private interface Work<T> {
        T on(TraceTable rows) throws SQLException;
    }
}
