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

/** An exporter whose first failure is told in one line, and no other. */
final class WarnOnceExporter implements SpanExporter {
    /** Held here, for a logger that nobody holds forgets its level. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    private final SpanExporter exporter;
    private final URI endpoint;
    private final Consumer<String> warnings;
    private final AtomicBoolean hasWarned = new AtomicBoolean();

    WarnOnceExporter(SpanExporter exporter, URI endpoint, Consumer<String> warnings) {
        this.exporter = exporter;
        this.endpoint = endpoint;
        this.warnings = warnings;
        // It would tell of every failure, with its stack trace.
        LIBRARY.setLevel(Level.OFF);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> tell(result));
    }

    private void tell(CompletableResultCode result) {
        if (!result.isSuccess() && !hasWarned.getAndSet(true)) {
            warnings.accept(
                    "%s: spans cannot be sent, and are lost: %s; answers go on, and this is said once"
                            .formatted(endpoint, reason(result.getFailureThrowable())));
        }
    }

    /** The last cause says what happened, such as that the connection was refused. */
    private static String reason(@Nullable Throwable failure) {
        Throwable last = failure;
        while (last != null && last.getCause() != null) {
            last = last.getCause();
        }
        return switch (last) {
            case null -> "no reason known";
            case ConnectException e -> "nobody answers there";
            default ->
                    last.getMessage() == null
                            ? "the collector refused them; look at the address and at OTEL_EXPORTER_OTLP_HEADERS"
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
