package dev.cairn.serve.trace;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is kept of answers: in a file, as spans, both or neither. Safe for use by many threads. */
public final class Traces implements AutoCloseable {
    private final @Nullable TraceStore store;

    private Traces(@Nullable TraceStore store) {
        this.store = store;
    }

    /** Keeps nothing. */
    public static Traces off() {
        return new Traces(null);
    }

    /**
     * Keeps what the settings say.
     *
     * @param warnings is told, in one line and once, that traces are lost
     * @throws dev.cairn.CairnException when the file cannot be read and written, or holds something
     *     else than traces
     */
    public static Traces open(TraceSettings settings, Consumer<String> warnings) {
        return new Traces(
                settings.file() == null
                        ? null
                        : TraceStore.open(
                                settings.file(), settings, warnings, InstantSource.system()));
    }

    /** Where traces are found again; nothing when none are kept. */
    public Optional<TraceStore> store() {
        return Optional.ofNullable(store);
    }

    /**
     * Keeps an answer as far as that is possible: that it cannot be kept never fails an answer.
     *
     * @return the trace's id, when it is in the file
     */
    public Optional<String> add(Recorded recorded) {
        return store == null ? Optional.empty() : store.add(recorded);
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
