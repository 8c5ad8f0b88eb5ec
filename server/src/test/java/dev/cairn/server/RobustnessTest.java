package dev.cairn.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cancellation;
import dev.cairn.text.StageListener;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ModelCard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that are slow, broken, many or malicious. */
@Tag("long")
class RobustnessTest {
    private static final String HEAD =
            "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @Test
    void malformedRequestsGetAReasonAndNeverEndTheServer() {
        Random random = new Random(7);
        try (Server server = Servers.start(FakeModel.stack("m"), FakeModel.base("b"))) {
            for (int i = 0; i < 1000; i++) {
                byte[] request = MalformedRequests.request(random);
                String reply;
                try (RawClient client = RawClient.to(server)) {
                    reply = client.send(request).endOutput().readAll();
                }
                assertThat(reply)
                        .as("%d: %s", i, new String(request, UTF_8))
                        .doesNotContain("HTTP/1.1 500", "internal error");
                if (reply.startsWith("HTTP/1.1 4")) {
                    assertThat(reply).as("%d", i).contains("{\"error\":{\"message\":\"");
                }
            }
            assertStillAnswers(server);
            assertThat(Client.of(server).get("/metrics").text())
                    .contains("cairn_requests_running 0.0", "cairn_requests_waiting 0.0");
        }
    }

    private static void assertStillAnswers(Server server) {
        assertThat(Client.of(server).ask("/v1/completions", "{'model':'m','prompt':'a'}").status())
                .isEqualTo(200);
    }

    @Test
    void twoHundredConnectionsAtOnceAreAllAnsweredOrToldToComeBack() {
        ServerLimits limits = new ServerLimits(4, 150, 1 << 16, 100, Duration.ofMinutes(1));
        HeldModel model = HeldModel.before(0);
        try (Server server = Servers.start(Servers.settings(limits), FakeModel.base("m", model));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> replies = new ArrayList<>();
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                RawClient client = RawClient.to(server);
                clients.add(client);
                client.send(RawClient.post("/v1/completions", "{'model':'m','prompt':'abc'}"));
                replies.add(CompletableFuture.supplyAsync(() -> client.readUntil("}}"), threads));
            }
            Client.of(server).awaitMetric("cairn_requests_rejected_total 46.0");
            model.letGo();
            List<String> all = replies.stream().map(CompletableFuture::join).toList();
            assertThat(all.stream().filter(r -> r.startsWith("HTTP/1.1 200"))).hasSize(154);
            assertThat(all.stream().filter(r -> r.startsWith("HTTP/1.1 429"))).hasSize(46);
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void aSlowReaderHoldsUpNobodyElseAndIsLeftInTheEnd() {
        ServerLimits limits = new ServerLimits(2, 2, 1 << 16, 1_000_000, Duration.ofMinutes(1));
        try (Server server =
                        Servers.start(
                                Servers.settings(limits),
                                Duration.ofSeconds(1),
                                new Flood(),
                                FakeModel.stack("m"));
                RawClient slow = RawClient.to(server)) {
            slow.send(
                    RawClient.post(
                            "/v1/completions", "{'model':'flood','prompt':'a','stream':true}"));
            slow.readUntil("data:");
            for (int i = 0; i < 20; i++) {
                assertStillAnswers(server);
            }
            Client.of(server).awaitMetric("cairn_requests_running 0.0");
        }
    }

    /** Writes without end, faster than anybody reads. */
    private static final class Flood extends FakeModel {
        Flood() {
            super(card("flood", ModelCard.Kind.BASE), (i, watcher) -> {});
        }

        @Override
        public Completion complete(
                CompletionRequest request, StageListener listener, Cancellation cancellation) {
            String much = "x".repeat(1 << 16);
            while (true) {
                cancellation.check();
                listener.wrote("flood", much, List.of());
            }
        }
    }

    @Test
    void aHalfSentBodyEndsWithAReasonAndABrokenOffOneWithNothing() {
        List<String> halves =
                List.of(
                        "Content-Length: 100\r\n\r\n{\"model\":",
                        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"mod");
        try (Server server = start(Duration.ofMillis(500))) {
            List<RawClient> clients =
                    halves.stream().map(half -> RawClient.to(server).send(HEAD + half)).toList();
            halves.forEach(half -> RawClient.to(server).send(HEAD + half).close());
            for (RawClient client : clients) {
                assertThat(client.readAll()).startsWith("HTTP/1.1 408").contains("request_timeout");
                client.close();
            }
            assertStillAnswers(server);
        }
    }

    @Test
    void aLongSilenceOfTheModelIsNoReasonToGiveUp() {
        Duration idle = Duration.ofMillis(400);
        HeldModel model = HeldModel.before(1);
        try (Server server = start(idle, FakeModel.base("m", model));
                RawClient buffered = RawClient.to(server);
                RawClient streaming = RawClient.to(server)) {
            buffered.send(
                    RawClient.post(
                            "/v1/completions", "{'model':'m','prompt':'abc','stream':false}"));
            streaming.send(
                    RawClient.post(
                            "/v1/completions", "{'model':'m','prompt':'abc','stream':true}"));
            model.awaitHeld(2);
            // Half between two checks of Jetty's: a write that is under way at the very moment of
            // one, after such a long silence, is given up. With a check every 30 seconds, and
            // writes that take a ten-thousandth of one, that is too rare to be left to a test.
            Eventually.passes(idle.multipliedBy(5).dividedBy(2));
            assertThat(model.held()).isEqualTo(2);
            model.letGo();
            assertThat(buffered.readUntil("\"finish_reason\":\"stop\"")).contains("200 OK");
            assertThat(streaming.readUntil("\"finish_reason\":\"stop\"")).contains("200 OK");
        }
    }

    @ParameterizedTest
    @CsvSource({"false,413", "true,413"})
    void aBodyThatIsTooLargeIsRefused(boolean chunked, int status) {
        String body = "{\"model\":\"m\",\"prompt\":\"" + "a".repeat(1 << 17) + "\"}";
        try (Server server = start(Duration.ofSeconds(30));
                RawClient client = RawClient.to(server)) {
            client.send(
                    HEAD
                            + (chunked
                                    ? "Transfer-Encoding: chunked\r\n\r\n"
                                            + Integer.toHexString(body.length())
                                            + "\r\n"
                                            + body
                                            + "\r\n0\r\n\r\n"
                                    : "Content-Length: " + body.length() + "\r\n\r\n" + body));
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 " + status)
                    .contains("request_too_large")
                    .containsIgnoringCase("Connection: close");
            assertStillAnswers(server);
        }
    }

    @Test
    void whoeverSendsFarTooMuchStillReadsWhy() {
        try (Server server = start(Duration.ofSeconds(30))) {
            String much = "{\"model\":\"" + "a".repeat(8 << 20) + "\"}";
            for (int i = 0; i < 10; i++) {
                Client.Reply reply = Client.of(server).ask("/v1/completions", much);
                assertThat(reply.status()).isEqualTo(413);
                assertThat(reply.error().path("code").asString()).isEqualTo("request_too_large");
            }
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedBeforeItIsSent() {
        try (Server server = start(Duration.ofSeconds(30));
                RawClient client = RawClient.to(server)) {
            client.send(HEAD + "Content-Length: 999999999\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 413");
        }
    }

    @Test
    void aConnectionServesManyRequests() {
        try (Server server = start(Duration.ofSeconds(30));
                RawClient client = RawClient.to(server)) {
            for (int i = 0; i < 50; i++) {
                client.send(
                        RawClient.post(
                                "/v1/completions", "{'model':'m','prompt':'a','stream':true}"));
                assertThat(client.readUntil("[DONE]\n\n\r\n0\r\n\r\n")).contains("200 OK");
                client.send("HEAD /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(client.readUntil("\r\n\r\n")).contains("200 OK", "application/json");
            }
        }
    }

    @Test
    void aStreamShowsThatItLivesWhileItsClientWaitsAndWhileItsModelReads() {
        HeldModel model = HeldModel.before(0);
        ServerLimits one = new ServerLimits(1, 1, 1 << 16, 100, Duration.ofMinutes(1));
        String ask =
                RawClient.post("/v1/completions", "{'model':'m','prompt':'abc','stream':true}");
        TestClock clock = new TestClock();
        try (Server server =
                        Servers.start(Servers.settings(one), clock, FakeModel.base("m", model));
                RawClient first = RawClient.to(server);
                RawClient second = RawClient.to(server)) {
            first.send(ask);
            model.awaitHeld(1);
            second.send(ask);
            Client.of(server).awaitMetric("cairn_requests_waiting 1.0");
            clock.advance(Duration.ofSeconds(6));
            assertThat(first.readUntil(": waiting\n\n")).contains("text/event-stream");
            second.readUntil(": waiting\n\n");
            model.letGo();
            assertThat(first.readUntil("[DONE]")).contains("\"text\":\"C\"");
            assertThat(second.readUntil("[DONE]")).contains("\"text\":\"C\"");
        }
    }

    private static Server start(Duration idle) {
        return start(idle, FakeModel.stack("m"));
    }

    private static Server start(Duration idle, FakeModel model) {
        return Servers.start(Servers.settings(Servers.LIMITS), idle, model);
    }
}
