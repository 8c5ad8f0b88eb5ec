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
 * A store of traces in an SQLite file. Thread-safe. It has its own threads, one for writing and two
 * for reading, because a virtual thread that waits inside SQLite would block its carrier thread.
 */
public final class TraceStore implements AutoCloseable {
    private static final Duration ADD_TIMEOUT = Duration.ofSeconds(1);
    private static final int MAX_QUEUED = 256;
    private static final int READERS = 2;

    /** Free pages are returned to the file system once in this many traces. */
    private static final int TRACES_PER_VACUUM = 64;

    /** How many are returned at a time, so that no request waits long. */
    private static final int VACUUM_PAGES = 2048;

    private static final int MERGE_PAGES = 8 * VACUUM_PAGES;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final TraceDatabase database;
    private final TraceSettings settings;
    private final Consumer<String> warnings;
    private final InstantSource clock;
    private final UlidGenerator ids;
    private final Connection connection;
    private final TraceTable table;
    private final ThreadPoolExecutor writer = threads("traces-write", 1);
    private final ThreadPoolExecutor readers = threads("traces-read", READERS);
    private final AtomicLong lost = new AtomicLong();
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    /** The number of traces; only the writing thread uses it. */
    private long count;

    /** Traces since the last vacuum; only the writing thread uses it. */
    private int sinceVacuum;

    private TraceStore(
            TraceDatabase database,
            TraceSettings settings,
            Consumer<String> warnings,
            InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.warnings = warnings;
        this.clock = clock;
        this.ids = UlidGenerator.of(clock);
        this.connection = database.openForWriting();
        this.table = new TraceTable(connection);
    }

    /**
     * Opens a file of traces, or creates one that only its owner may read. Traces that are too old
     * are deleted.
     *
     * @param warnings receives one line when a trace is lost, only once
     * @throws CairnException if the file cannot be read and written, or contains something other
     *     than traces
     */
    static TraceStore open(
            Path path, TraceSettings settings, Consumer<String> warnings, InstantSource clock) {
        TraceStore store = new TraceStore(new TraceDatabase(path), settings, warnings, clock);
        try {
            store.get(store.writer.submit(() -> store.committing(store::vacuumAtOpening)));
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
                new ArrayBlockingQueue<>(MAX_QUEUED),
                Thread.ofPlatform().daemon().name(name).factory());
    }

    /**
     * Stores a trace. If the disk is full or the file is locked, the trace is lost; this is
     * counted, and the first time it causes a warning.
     *
     * @return the trace's id; empty if it could not be stored within a second
     */
    Optional<String> add(TraceRecord trace) {
        try {
            return Optional.of(
                    writer.submit(() -> committing(open -> insert(open, trace)))
                            .get(ADD_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
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
                    "%s: a trace is lost: %s; the server continues, and this is logged once"
                            .formatted(database.path(), reason));
        }
    }

    /** Number of traces that could not be stored. */
    public long lost() {
        return lost.get();
    }

    /**
     * The traces that a query finds, newest first.
     *
     * @throws CairnException when the file cannot be read
     */
    public TracePage list(TraceQuery query) {
        return reading(open -> open.list(query));
    }

    /**
     * The trace with an id.
     *
     * @throws CairnException when the file cannot be read
     */
    public Optional<StoredTrace> get(String id) {
        return reading(open -> open.get(id));
    }

    /**
     * Rates a completion, or one of its stages.
     *
     * @param stage null for the completion
     * @param rating null removes the rating
     * @return false when there is no such trace with such a stage
     * @throws CairnException when the file cannot be written
     */
    public boolean rate(String id, @Nullable String stage, @Nullable Rating rating) {
        return get(submit(writer, () -> committing(open -> open.rate(id, stage, rating))));
    }

    /**
     * Deletes a trace for good.
     *
     * @return false when there is no such trace
     * @throws CairnException when the file cannot be written
     */
    public boolean delete(String id) {
        return get(submit(writer, () -> committing(open -> delete(open, id))));
    }

    private boolean delete(TraceTable from, String id) throws SQLException {
        int deleted = from.delete(id);
        count -= deleted;
        return deleted > 0;
    }

    private <T> T reading(Work<T> work) {
        return get(
                submit(
                        readers,
                        () -> {
                            try (Connection reader = database.openForReading()) {
                                return work.on(new TraceTable(reader));
                            }
                        }));
    }

    private <T> Future<T> submit(ThreadPoolExecutor threads, Callable<T> work) {
        try {
            return threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new CairnException(
                    database.path() + ": too many requests are waiting for it; try again", e);
        }
    }

    private <T> T get(Future<T> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new CairnException(
                    database.path() + ": cannot be used: " + reason(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CairnException(database.path() + ": interrupted while it was in use", e);
        }
    }

    /** Makes a change in one transaction. */
    private <T> T committing(Work<T> work) throws SQLException {
        try {
            TraceDatabase.execute(connection, TraceDatabase.BEGIN);
            T result = work.on(table);
            TraceDatabase.execute(connection, TraceDatabase.COMMIT);
            return result;
        } catch (SQLException | RuntimeException e) {
            sinceVacuum = TRACES_PER_VACUUM;
            rollBack();
            throw e;
        }
    }

    private void rollBack() {
        try {
            TraceDatabase.execute(connection, TraceDatabase.ROLLBACK);
        } catch (SQLException e) {
            return; // it had not begun, or SQLite has already rolled back because the disk was full
        }
    }

    private String insert(TraceTable into, TraceRecord trace) throws SQLException {
        String id = ids.next();
        into.insert(id, trace);
        count++;
        deleteExpired(into);
        if (++sinceVacuum >= TRACES_PER_VACUUM) {
            vacuum(into);
        }
        return id;
    }

    /** Deletes traces that are too old or too many; false when there were none. */
    private boolean deleteExpired(TraceTable from) throws SQLException {
        long before = count;
        count -= from.deleteBefore(UlidGenerator.firstOf(clock.instant().minus(settings.maxAge())));
        if (count > settings.maxTraces()) {
            count -= from.deleteOldest(count - settings.maxTraces());
        }
        return count < before;
    }

    /**
     * Cleans up when the file is opened, because many traces may have expired and nobody is waiting
     * yet.
     */
    private boolean vacuumAtOpening(TraceTable opened) throws SQLException {
        count = opened.count();
        if (deleteExpired(opened)) {
            opened.mergeWords(MERGE_PAGES);
        }
        opened.shrink(Integer.MAX_VALUE);
        return true;
    }

    /**
     * Cleans up from time to time; counts again because another process may write to the file too.
     */
    private void vacuum(TraceTable vacuumed) throws SQLException {
        count = vacuumed.count();
        deleteExpired(vacuumed);
        vacuumed.shrink(VACUUM_PAGES);
        sinceVacuum = 0;
    }

    /** Waits a few seconds at most for writes that have begun. */
    @Override
    public void close() {
        readers.shutdown();
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return; // left open, because a connection may not be closed while it is in use
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        TraceDatabase.close(connection);
    }

    /** An operation on the table. */
    private interface Work<T> {
        T on(TraceTable table) throws SQLException;
    }
}
