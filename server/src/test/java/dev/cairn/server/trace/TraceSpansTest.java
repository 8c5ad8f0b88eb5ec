package dev.cairn.server.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cairn.config.SamplingParams;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TraceSpansTest {
    private static final TraceRecord RECORDED = TraceRecords.of("SECRET question", "SECRET answer");

    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private int status = 200;
    private HttpServer collector;
    @TempDir private Path temp;

    @BeforeEach
    void start() throws IOException {
        collector =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext(
                "/",
                exchange -> {
                    headers.add(
                            "%s %s %s"
                                    .formatted(
                                            exchange.getRequestURI(),
                                            exchange.getRequestHeaders().getFirst("Content-Type"),
                                            exchange.getRequestHeaders().getFirst("X-Key")));
                    bodies.add(exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(status, -1);
                    exchange.close();
                });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private URI collector() {
        return URI.create("http://localhost:" + collector.getAddress().getPort() + "/v1/traces");
    }

    private TraceRecorder traces(@Nullable Path file, URI endpoint) {
        SpanSettings spans = new SpanSettings(endpoint, Map.of("X-Key", "k1"), "stones");
        return TraceRecorder.open(
                new TraceSettings(file, 10, Duration.ofDays(1), spans), warnings::add);
    }

    @Test
    void anAnswerIsARootAndASpanForEachStageEndToEnd() {
        String id;
        try (TraceRecorder traces = traces(temp.resolve("t.db"), collector())) {
            id = traces.add(RECORDED).orElseThrow();
        }
        assertThat(headers).containsExactly("/v1/traces application/x-protobuf k1");
        assertThat(service()).containsEntry("service.name", "stones");
        List<Protobuf> spans = spans();
        assertThat(spans)
                .extracting(span -> span.text(5))
                .containsExactlyInAnyOrder(
                        "invoke_workflow", "text_completion pebble", "text_completion pebble");

        Protobuf root = spans.stream().filter(s -> s.hex(4).isEmpty()).findFirst().orElseThrow();
        assertThat(root.text(5)).isEqualTo("invoke_workflow");
        assertThat(root.attributes(9))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "gen_ai.operation.name", "invoke_workflow",
                                "gen_ai.provider.name", "cairn",
                                "gen_ai.workflow.name", "stories",
                                "cairn.trace_id", id));
        long start = RECORDED.started().toEpochMilli() * 1_000_000;
        assertThat(root.number(7)).isEqualTo(start);
        assertThat(root.number(8)).isEqualTo(start + 30_000_000);

        List<Protobuf> stages = spans.stream().filter(span -> span != root).toList();
        assertThat(stages)
                .allSatisfy(stage -> {
                    assertThat(stage.hex(1)).isEqualTo(root.hex(1)).hasSize(32);
                    assertThat(stage.hex(4)).isEqualTo(root.hex(2)).hasSize(16);
                });
        assertThat(stages.get(0).attributes(9))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("gen_ai.operation.name", "text_completion"),
                                Map.entry("gen_ai.provider.name", "cairn"),
                                Map.entry("gen_ai.request.model", "pebble"),
                                Map.entry("gen_ai.request.temperature", "0.5"),
                                Map.entry("gen_ai.request.top_p", "0.9"),
                                Map.entry("gen_ai.request.top_k", "40"),
                                Map.entry("gen_ai.request.seed", "11"),
                                Map.entry("gen_ai.response.finish_reasons", "stop"),
                                Map.entry("gen_ai.usage.input_tokens", "7"),
                                Map.entry("gen_ai.usage.output_tokens", "2"),
                                Map.entry("cairn.stage", "focus"),
                                Map.entry("cairn.adapter_digest", "ab12")));
        assertThat(stages.get(0).number(7)).isEqualTo(start);
        assertThat(stages.get(0).number(8)).isEqualTo(start + 15_000_000);
        assertThat(stages.get(1).number(7)).isEqualTo(start + 15_000_000);
        assertThat(stages.get(1).number(8)).isEqualTo(start + 30_000_000);
    }

    @Test
    void nothingOfAPromptOrAnAnswerIsSent() {
        try (TraceRecorder traces = traces(null, collector())) {
            assertThat(traces.add(RECORDED)).isEmpty();
        }
        assertThat(bodies)
                .isNotEmpty()
                .noneMatch(body -> new String(body, ISO_8859_1).contains("SECRET"));
    }

    @Test
    void aTextThatWasGivenIsNoSpan() {
        List<StageTrace> stages = new ArrayList<>(RECORDED.stages());
        StageTrace given =
                new StageTrace(
                        new StageTrace.Identity("stories", "focus", "pebble", "ab12"),
                        "",
                        "given",
                        FinishReason.EDITED,
                        StageTrace.Tokens.NONE,
                        StageTrace.Timing.NONE,
                        SamplingParams.GREEDY);
        stages.set(0, given);
        try (TraceRecorder traces = traces(null, collector())) {
            traces.add(
                    new TraceRecord(
                            "stories",
                            RECORDED.started(),
                            20,
                            "q",
                            Map.of("focus", "given"),
                            "a",
                            FinishReason.STOP,
                            stages));
        }
        assertThat(spans()).hasSize(2);
    }

    @Tag("long")
    @Test
    void aCollectorThatIsNotThereIsToldOfOnceAndFailsNothing() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        URI nobody = URI.create("http://localhost:" + free + "/v1/traces");
        TraceRecorder traces = traces(null, nobody);
        for (int i = 0; i < 5000; i++) { // more than the queue holds
            traces.add(RECORDED);
        }
        traces.close();
        traces.add(RECORDED);
        assertThat(warnings).hasSizeLessThanOrEqualTo(1);
        assertThat(warnings)
                .allSatisfy(warning ->
                        assertThat(warning)
                                .startsWith(nobody + ": spans cannot be sent and are lost")
                                .doesNotContain("\n"));
    }

    @Test
    void aCollectorThatRefusesIsToldOfOnce() {
        status = 401;
        try (TraceRecorder traces = traces(null, collector())) {
            traces.add(RECORDED);
        }
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith(collector() + ": spans cannot be sent and are lost: ")
                .contains("the collector rejected them");
    }

    private List<Protobuf> spans() {
        return resources().stream()
                .flatMap(resource -> resource.messages(2).stream())
                .flatMap(scope -> scope.messages(2).stream())
                .toList();
    }

    private Map<String, String> service() {
        return resources().getFirst().messages(1).getFirst().attributes(1);
    }

    private List<Protobuf> resources() {
        return bodies.stream().flatMap(body -> Protobuf.of(body).messages(1).stream()).toList();
    }
}
