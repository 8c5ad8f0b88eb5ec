package dev.cairn.server.trace;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.net.URI;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** An exporter that logs its first failure in one line and ignores all others. */
final class WarnOnceExporter implements SpanExporter {
    /**
     * Referenced here because an unreferenced logger is garbage-collected, and its level with it.
     */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    private final SpanExporter exporter;
    private final URI endpoint;
    private final Consumer<String> warnings;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    WarnOnceExporter(SpanExporter exporter, URI endpoint, Consumer<String> warnings) {
        this.exporter = exporter;
        this.endpoint = endpoint;
        this.warnings = warnings;
        // It would log every failure with a stack trace.
        LIBRARY.setLevel(Level.OFF);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> warn(result));
    }

    private void warn(CompletableResultCode result) {
        if (!result.isSuccess() && !hasWarned.getAndSet(true)) {
            warnings.accept(
                    "%s: spans cannot be sent and are lost: %s; the server continues, and this is logged once"
                            .formatted(endpoint, reason(result.getFailureThrowable())));
        }
    }

    /** The message of the innermost cause, for example that the connection was refused. */
    private static String reason(@Nullable Throwable failure) {
        Throwable last = failure;
        while (last != null && last.getCause() != null) {
            last = last.getCause();
        }
        return switch (last) {
            case null -> "unknown reason";
            case ConnectException e -> "nothing is listening there";
            default ->
                    last.getMessage() == null
                            ? "the collector rejected them; check the URL and OTEL_EXPORTER_OTLP_HEADERS"
                            : last.getMessage().lines().findFirst().orElse("");
        };
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
