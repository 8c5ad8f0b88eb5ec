package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.serve.trace.SpanSettings;
import dev.cairn.serve.trace.TraceSettings;
import dev.cairn.serve.trace.Traces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a server keeps of its answers. */
final class ServeTraces {
    private static final String FILE_NAME = "traces.db";

    @Option(
            names = "--traces",
            paramLabel = "FILE",
            description =
                    "Store questions and answers in this file (~/.local/state/cairn/traces.db).")
    private @Nullable Path file;

    @Option(names = "--no-traces", description = "Store no questions and answers.")
    private boolean keepsNone;

    @Option(
            names = "--trace-days",
            paramLabel = "N",
            description = "Delete traces that are older (30).")
    private long days = TraceSettings.LONGEST.toDays();

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description =
                    "Send spans to this OpenTelemetry collector, such as http://localhost:4318; default: OTEL_EXPORTER_OTLP_ENDPOINT.")
    private @Nullable String endpoint;

    /**
     * Opens what is to be kept.
     *
     * @param environment variables that say where to keep it and where to send it
     */
    Traces open(Map<String, String> environment, Consumer<String> warnings) {
        if (keepsNone && file != null) {
            throw new CairnException("--traces and --no-traces exclude each other; leave one out");
        }
        if (days < 1) {
            throw new CairnException("--trace-days: expected at least 1, found " + days);
        }
        Path kept = keepsNone ? null : file != null ? file : usual(environment);
        return Traces.open(
                new TraceSettings(
                        kept,
                        TraceSettings.MOST_TRACES,
                        Duration.ofDays(days),
                        SpanSettings.of(endpoint, "--otlp-endpoint", environment).orElse(null)),
                warnings);
    }

    /** Where programs keep their state, after the XDG Base Directory Specification. */
    private static Path usual(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path folder =
                state.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state);
        return folder.resolve("cairn").resolve(FILE_NAME);
    }
}
