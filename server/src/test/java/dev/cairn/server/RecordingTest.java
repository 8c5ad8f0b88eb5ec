package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.server.trace.StoredTrace;
import dev.cairn.server.trace.TraceQuery;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.server.trace.TraceSettings;
import dev.cairn.server.trace.TraceStore;
import io.micrometer.core.instrument.Gauge;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is kept and what is counted of answers. */
class RecordingTest {
    @TempDir private Path folder;

    @Test
    void everyAnswerIsKeptAndSaysUnderWhichId() {
        try (TraceRecorder traces =
                        TraceRecorder.open(
                                TraceSettings.in(folder.resolve("t.sqlite")), line -> {});
                Server server = start(traces)) {
            Client client = Client.of(server);
            JsonNode answer =
                    client.ask(
                                    "/v1/chat/completions",
                                    "{'model':'s','messages':[{'role':'system','content':'be kind'},{'role':'user','content':'ab'}],'cairn':{'trace':true,'set':{'facts':'f'}}}")
                            .json();
            String id = answer.path("cairn").path("trace_id").asString();
            TraceStore store = traces.store().orElseThrow();
            StoredTrace kept = store.get(id).orElseThrow();
            assertThat(kept.model()).isEqualTo("s");
            assertThat(kept.input()).isEqualTo("system: be kind\nuser: ab");
            assertThat(kept.answer()).isEqualTo("AB");
            assertThat(kept.finishReason()).isEqualTo("stop");
            assertThat(kept.set()).containsEntry("facts", "f");
            assertThat(kept.stages()).hasSize(2);

            client.ask("/v1/completions", "{'model':'b','prompt':[[97],[98]]}");
            assertThat(store.list(TraceQuery.newest(10)).traces())
                    .extracting(entry -> entry.input() + entry.answer())
                    .contains("aA", "bB");
            List<JsonNode> events =
                    client.ask(
                                    "/v1/completions",
                                    "{'model':'b','prompt':'a','stream':true,'cairn':{'trace':true}}")
                            .events();
            assertThat(store.get(events.getLast().path("cairn").path("trace_id").asString()))
                    .isPresent();
        }
    }

    @Test
    void countsAndMeasuresByRouteModelAndStatus() {
        try (Server server = start(TraceRecorder.off())) {
            Client client = Client.of(server);
            client.ask("/v1/completions", "{'model':'b','prompt':'abc'}");
            client.ask("/v1/completions", "{'model':'made up','prompt':'abc'}");
            client.get("/made/up");
            String metrics = client.get("/metrics").text();
            assertThat(metrics)
                    .contains(
                            "cairn_requests_seconds_count{model=\"b\",route=\"/v1/completions\",status=\"200\"} 1",
                            "cairn_requests_seconds_count{model=\"none\",route=\"/v1/completions\",status=\"404\"} 1",
                            "cairn_requests_seconds_count{model=\"none\",route=\"other\",status=\"404\"} 1",
                            "cairn_tokens_read_total{model=\"b\"} 3.0",
                            "cairn_tokens_written_total{model=\"b\"} 3.0",
                            "cairn_time_to_first_token_seconds_count{model=\"b\"} 1",
                            "cairn_requests_running 0.0",
                            "cairn_requests_rejected_total 0.0",
                            "jvm_memory_used_bytes",
                            "of_the_caller 7.0")
                    .doesNotContain("made");
        }
    }

    private static Server start(TraceRecorder traces) {
        return Server.with(
                        Servers.settings(Servers.LIMITS),
                        List.of(FakeModel.stack("s"), FakeModel.base("b")))
                .traces(traces)
                .meters(registry -> Gauge.builder("of.the.caller", () -> 7).register(registry))
                .start();
    }
}
