package dev.cairn.server;

import dev.cairn.server.openai.TokenUsage;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** The server's metrics, for Prometheus. */
final class Metrics implements AutoCloseable {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500),
        Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30),
        Duration.ofMinutes(1), Duration.ofMinutes(5)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final Counter rejected;

    /**
     * @param more registers additional meters
     */
    Metrics(RequestQueue queue, MeterBinder more) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        Gauge.builder("cairn.requests.running", queue, RequestQueue::running)
                .description("requests being processed")
                .register(registry);
        Gauge.builder("cairn.requests.waiting", queue, RequestQueue::waiting)
                .description("requests waiting to be processed")
                .register(registry);
        rejected =
                Counter.builder("cairn.requests.rejected")
                        .description("requests refused because the queue was full")
                        .register(registry);
        more.bindTo(registry);
    }

    /** Counts a finished request. */
    void request(Context ctx, String route, Duration elapsed) {
        RequestStats stats = RequestStats.of(ctx);
        String model = stats.model() == null ? "none" : stats.model();
        Timer.builder("cairn.requests")
                .description("finished requests, and how long they took")
                .tags("route", route, "model", model)
                .tag("status", String.valueOf(stats.status(ctx)))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(elapsed);
        if (stats.status(ctx) == 429) {
            rejected.increment();
        }
    }

    /** Counts the time to the first token of a completion. */
    void firstToken(String model, Duration elapsed) {
        Timer.builder("cairn.time.to.first.token")
                .description(
                        "time from a request to the first token of its completion, including waiting")
                .tag("model", model)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(elapsed);
    }

    void tokens(String model, TokenUsage usage) {
        counter("cairn.tokens.read", "prompt tokens read", model).increment(usage.prompt());
        counter("cairn.tokens.written", "tokens generated", model).increment(usage.completion());
    }

    private Counter counter(String name, String description, String model) {
        return Counter.builder(name)
                .description(description)
                .tag("model", model)
                .register(registry);
    }

    /** All metrics in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
