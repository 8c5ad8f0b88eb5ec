package dev.cairn.cli;

import dev.cairn.stack.Serving;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Metrics of the base models that a server runs. The server has no access to them: it knows only
 * texts.
 */
record ServingMetrics(Serving serving) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        serving.loads().keySet().forEach(base -> new OfBase(registry, serving, base).register());
    }

    private record OfBase(MeterRegistry registry, Serving serving, String base) {
        void register() {
            gauge("cairn.sequences.running", "Sequences being generated", Serving.Load::running);
            gauge("cairn.sequences.waiting", "Sequences waiting for memory", Serving.Load::waiting);
            gauge("cairn.kv.used.bytes", "Memory used for keys and values", Serving.Load::bytes);
            gauge("cairn.kv.limit.bytes", "Memory for keys and values", Serving.Load::maxBytes);
            counter(
                    "cairn.decode.steps",
                    "Passes through the base model's weights",
                    Serving.Load::steps);
            counter(
                    "cairn.decode.tokens",
                    "Tokens generated in these passes",
                    Serving.Load::tokens);
        }

        private void gauge(String name, String description, ToDoubleFunction<Serving.Load> value) {
            Gauge.builder(name, serving, s -> value.applyAsDouble(load(s)))
                    .description(description)
                    .tag("base", base)
                    .register(registry);
        }

        private void counter(
                String name, String description, ToDoubleFunction<Serving.Load> value) {
            FunctionCounter.builder(name, serving, s -> value.applyAsDouble(load(s)))
                    .description(description)
                    .tag("base", base)
                    .register(registry);
        }

        private Serving.Load load(Serving now) {
            return Objects.requireNonNull(now.loads().get(base));
        }
    }
}
