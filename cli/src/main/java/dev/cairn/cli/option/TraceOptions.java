package dev.cairn.cli.option;

import dev.cairn.CairnException;
import dev.cairn.server.trace.SpanSettings;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.server.trace.TraceSettings;
import dev.cairn.support.Range;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which traces a server stores and sends. */
public final class TraceOptions {
    private static final String FILE_NAME = "traces.db";

    @Option(
            names = "--traces",
            paramLabel = "FILE",
            description =
                    "Store prompts and completions in this file (~/.local/state/cairn/traces.db).")
    private @Nullable Path file;

    @Option(names = "--no-traces", description = "Store no prompts and completions.")
    private boolean storesNone;

    @Option(
            names = "--trace-days",
            paramLabel = "N",
            description = "Delete traces that are older (30).")
    private long days = TraceSettings.DEFAULT_MAX_AGE.toDays();

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description =
                    "Send spans to this OpenTelemetry collector, such as http://localhost:4318; default: OTEL_EXPORTER_OTLP_ENDPOINT.")
    private @Nullable String endpoint;

    /**
     * Opens the file, and prepares to send spans.
     *
     * @param environment the environment variables, some of which are defaults
     */
    public TraceRecorder open(Map<String, String> environment, Consumer<String> warnings) {
        if (storesNone && file != null) {
            throw new CairnException("--traces and --no-traces exclude each other; leave one out");
        }
        Range.atLeast("--trace-days", days, 1);
        Path stored = storesNone ? null : file != null ? file : defaultFile(environment);
        return TraceRecorder.open(
                new TraceSettings(
                        stored,
                        TraceSettings.DEFAULT_MAX_TRACES,
                        Duration.ofDays(days),
                        SpanSettings.fromEnvironment(endpoint, "--otlp-endpoint", environment)
                                .orElse(null)),
                warnings);
    }

    /** In the folder for state of the XDG Base Directory Specification. */
    private static Path defaultFile(Map<String, String> environment) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path folder =
                state.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state);
        return folder.resolve("cairn").resolve(FILE_NAME);
    }
}
