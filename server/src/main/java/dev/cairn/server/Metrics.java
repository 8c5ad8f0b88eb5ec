package dev.cairn.server;

import dev.cairn.server.openai.TokenUsage;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
import java.util.function.Consumer;

/** What is counted and measured, for Prometheus. */
final class Metrics implements AutoCloseable {
    private static final Duration[] BOUNDS = {
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500),
        Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30),
        Duration.ofMinutes(1), Duration.ofMinutes(5)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final Counter rejected;

    /**
     * @param more registers what else is to be measured
     */
    Metrics(RequestQueue turnstile, Consumer<MeterRegistry> more) {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbage.bindTo(registry);
        Gauge.builder("cairn.requests.running", turnstile, RequestQueue::running)
                .description("places that are taken")
                .register(registry);
        Gauge.builder("cairn.requests.waiting", turnstile, RequestQueue::waiting)
                .description("requests that wait for a place")
                .register(registry);
        rejected =
                Counter.builder("cairn.requests.rejected")
                        .description("requests sent away because the queue was full")
                        .register(registry);
        more.accept(registry);
    }

    /** A request is over. */
    void request(Context ctx, String route, Duration taken) {
        RequestStats told = RequestStats.of(ctx);
        String model = told.model() == null ? "none" : told.model();
        Timer.builder("cairn.requests")
                .description("requests that are over, and how long they took")
                .tags("route", route, "model", model)
                .tag("status", String.valueOf(told.status(ctx)))
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(taken);
        if (told.status(ctx) == 429) {
            rejected.increment();
        }
    }

    /** The first token of an answer is written. */
    void firstToken(String model, Duration taken) {
        Timer.builder("cairn.time.to.first.token")
                .description("from a request to the first token of its answer, waiting included")
                .tag("model", model)
                .serviceLevelObjectives(BOUNDS)
                .register(registry)
                .record(taken);
    }

    void tokens(String model, TokenUsage usage) {
        counter("cairn.tokens.read", "tokens that were read", model).increment(usage.read());
        counter("cairn.tokens.written", "tokens that were written", model)
                .increment(usage.written());
    }

    private Counter counter(String name, String description, String model) {
        return Counter.builder(name)
                .description(description)
                .tag("model", model)
                .register(registry);
    }

    /** All of it, in Prometheus' text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }
}
