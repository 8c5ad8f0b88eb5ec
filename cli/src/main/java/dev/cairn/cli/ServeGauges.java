package dev.cairn.cli;

import dev.cairn.model.Batcher;
import dev.cairn.stack.Serving;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Measures of what the bases of a server are doing; the server itself knows only texts. */
final class ServeGauges {
    private final MeterRegistry registry;
    private final Serving serving;
    private final String base;

    private ServeGauges(MeterRegistry registry, Serving serving, String base) {
        this.registry = registry;
        this.serving = serving;
        this.base = base;
    }

    static void register(MeterRegistry registry, Serving serving) {
        serving.loads().keySet().forEach(base -> new ServeGauges(registry, serving, base).all());
    }

    private void all() {
        gauge(
                "cairn.sequences.running",
                "Sequences being processed",
                Batcher.Load::running);
        gauge("cairn.sequences.waiting", "Sequences waiting for memory", Batcher.Load::waiting);
        gauge("cairn.kv.used.bytes", "Memory taken for keys and values", Batcher.Load::bytes);
        gauge("cairn.kv.limit.bytes", "Memory for keys and values", Batcher.Load::mostBytes);
        counter("cairn.decode.steps", "Passes through the base's weights", Batcher.Load::steps);
        counter("cairn.decode.tokens", "Tokens generated in these passes", Batcher.Load::tokens);
    }

    private void gauge(String name, String description, ToDoubleFunction<Batcher.Load> value) {
        Gauge.builder(name, serving, s -> value.applyAsDouble(load(s)))
                .description(description)
                .tag("base", base)
                .register(registry);
    }

    private void counter(String name, String description, ToDoubleFunction<Batcher.Load> value) {
        FunctionCounter.builder(name, serving, s -> value.applyAsDouble(load(s)))
                .description(description)
                .tag("base", base)
                .register(registry);
    }

    private Batcher.Load load(Serving now) {
        return Objects.requireNonNull(now.loads().get(base));
    }
}
