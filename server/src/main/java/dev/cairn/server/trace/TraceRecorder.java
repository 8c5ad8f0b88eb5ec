package dev.cairn.server.trace;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is kept of answers: in a file, as spans, both or neither. Safe for use by many threads. */
public final class TraceRecorder implements AutoCloseable {
    private final @Nullable TraceStore store;
    private final @Nullable TraceSpans spans;

    private TraceRecorder(@Nullable TraceStore store, @Nullable TraceSpans spans) {
        this.store = store;
        this.spans = spans;
    }

    /** Keeps nothing. */
    public static TraceRecorder off() {
        return new TraceRecorder(null, null);
    }

    /**
     * Keeps what the settings say.
     *
     * @param warnings is told, in one line and once each, that traces or spans are lost
     * @throws dev.cairn.CairnException when the file cannot be read and written, or holds something
     *     else than traces
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

    /** Where traces are found again; nothing when none are kept. */
    public Optional<TraceStore> store() {
        return Optional.ofNullable(store);
    }

    /**
     * Keeps an answer as far as that is possible: that it cannot be kept never fails an answer.
     *
     * @return the trace's id, when it is in the file
     */
    public Optional<String> add(TraceRecord recorded) {
        Optional<String> id = store == null ? Optional.empty() : store.add(recorded);
        if (spans != null) {
            spans.add(recorded, id);
        }
        return id;
    }

    /** Ends within seconds, whether the last spans could be sent or not. */
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
