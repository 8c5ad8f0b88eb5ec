package dev.cairn.server.trace;

import dev.cairn.config.SamplingParams;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends completions as OpenTelemetry spans: one for the whole, with one child for each stage that
 * ran. Names follow OpenTelemetry's semantic conventions for generative AI. No span contains any
 * text of a prompt or a completion. Spans are sent in batches by a thread of their own; those that
 * cannot be sent are lost.
 */
final class TraceSpans implements AutoCloseable {
    private static final String CAIRN = "cairn";
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");
    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    private TraceSpans(SdkTracerProvider provider) {
        this.provider = provider;
        this.tracer = provider.get("dev.cairn");
    }

    /**
     * Does not connect before there are spans to send.
     *
     * @param warnings receives one line when spans are lost, only once
     */
    static TraceSpans open(SpanSettings settings, Consumer<String> warnings) {
        OtlpHttpSpanExporterBuilder exporter =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(settings.endpoint().toString())
                        .setTimeout(SEND_TIMEOUT)
                        .setConnectTimeout(SEND_TIMEOUT);
        settings.headers().forEach(exporter::addHeader);
        Attributes service = Attributes.of(SERVICE, settings.serviceName());
        return new TraceSpans(
                SdkTracerProvider.builder()
                        .setResource(Resource.getDefault().merge(Resource.create(service)))
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(
                                                new WarnOnceExporter(
                                                        exporter.build(),
                                                        settings.endpoint(),
                                                        warnings))
                                        .build())
                        .build());
    }

    /**
     * Queues a completion to be sent.
     *
     * @param id of its stored trace, if it was stored
     */
    void add(TraceRecord trace, Optional<String> id) {
        Instant start = trace.started();
        Span root =
                tracer.spanBuilder("invoke_workflow")
                        .setNoParent()
                        .setStartTimestamp(start)
                        .setAttribute("gen_ai.operation.name", "invoke_workflow")
                        .setAttribute("gen_ai.provider.name", CAIRN)
                        .setAttribute("gen_ai.workflow.name", trace.model())
                        .startSpan();
        id.ifPresent(name -> root.setAttribute("cairn.trace_id", name));
        Context parent = Context.root().with(root);
        Instant time = start;
        for (StageTrace stage : trace.stages()) {
            // A text that was set is no work of a model.
            if (stage.finishReason() != FinishReason.EDITED) {
                Instant end =
                        plus(time, stage.timing().prefillMillis() + stage.timing().decodeMillis());
                add(stage, parent, time, end);
                time = end;
            }
        }
        root.end(plus(start, trace.millis()));
    }

    private void add(StageTrace stage, Context parent, Instant start, Instant end) {
        SamplingParams sampling = stage.sampling();
        tracer.spanBuilder("text_completion " + stage.identity().base())
                .setParent(parent)
                .setStartTimestamp(start)
                .setAttribute("gen_ai.operation.name", "text_completion")
                .setAttribute("gen_ai.provider.name", CAIRN)
                .setAttribute("gen_ai.request.model", stage.identity().base())
                .setAttribute("gen_ai.request.temperature", sampling.temperature())
                .setAttribute("gen_ai.request.top_p", sampling.topP())
                .setAttribute("gen_ai.request.top_k", (long) sampling.topK())
                .setAttribute("gen_ai.request.seed", sampling.seed())
                .setAttribute(
                        FINISH_REASONS,
                        List.of(stage.finishReason().name().toLowerCase(Locale.ROOT)))
                .setAttribute("gen_ai.usage.input_tokens", (long) stage.tokens().prompt())
                .setAttribute("gen_ai.usage.output_tokens", (long) stage.tokens().completion())
                .setAttribute("cairn.stage", stage.stage())
                .setAttribute("cairn.adapter_digest", stage.identity().adapterDigest())
                .startSpan()
                .end(end);
    }

    private static Instant plus(Instant time, double millis) {
        return time.plusNanos(Math.round(millis * 1e6));
    }

    /** Sends the spans that are left, and waits a few seconds at most. */
    @Override
    public void close() {
        provider.shutdown().join(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
