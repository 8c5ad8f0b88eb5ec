package dev.cairn.server.trace;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Records traces: stores them in a file, sends them as spans, both or neither. Thread-safe. */
public final class TraceRecorder implements AutoCloseable {
    private final @Nullable TraceStore store;
    private final @Nullable TraceSpans spans;

    private TraceRecorder(@Nullable TraceStore store, @Nullable TraceSpans spans) {
        this.store = store;
        this.spans = spans;
    }

    /** Records nothing. */
    public static TraceRecorder off() {
        return new TraceRecorder(null, null);
    }

    /**
     * @param warnings receives one line when a trace is lost and one when spans are lost, each only
     *     once
     * @throws dev.cairn.CairnException if the file cannot be read and written, or contains
     *     something other than traces
     */
    public static TraceRecorder open(TraceSettings settings, Consumer<String> warnings) {
        Path file = settings.file();
        SpanSettings spans = settings.spans();
        TraceStore store =
                file == null
                        ? null
                        : TraceStore.open(file, settings, warnings, InstantSource.system());
        return new TraceRecorder(store, spans == null ? null : TraceSpans.open(spans, warnings));
    }

    /** The store of the traces; empty if they are not stored. */
    public Optional<TraceStore> store() {
        return Optional.ofNullable(store);
    }

    /**
     * Records a completion. A failure only causes a warning and never fails the completion.
     *
     * @return the trace's id if it was stored
     */
    public Optional<String> add(TraceRecord trace) {
        Optional<String> id = store == null ? Optional.empty() : store.add(trace);
        if (spans != null) {
            spans.add(trace, id);
        }
        return id;
    }

    /** Returns within seconds, whether or not the last spans could be sent. */
    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
        if (spans != null) {
            spans.close();
        }
    }
}
