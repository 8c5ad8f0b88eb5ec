package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How many requests are processed, how many wait, and how the others are refused. */
class OverloadTest {
    private static final String ASK = "{'model':'m','prompt':'abc'}";
    private static final String STREAM = "{'model':'m','prompt':'abc','stream':true}";

    private static final ServerLimits ONE_AT_A_TIME =
            new ServerLimits(1, 4, 1 << 16, 100, Duration.ofMinutes(1));

    private final HeldModel model = HeldModel.before(0);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final TestClock clock = new TestClock();
    private Server server = Servers.start(FakeModel.base("m", model));

    @AfterEach
    void close() {
        model.letGo();
        server.close();
        threads.close();
    }

    private CompletableFuture<Client.Reply> ask(String body) {
        Client client = Client.of(server);
        return CompletableFuture.supplyAsync(() -> client.ask("/v1/completions", body), threads);
    }

    private void awaitMetric(String line) {
        Client.of(server).awaitMetric(line);
    }

    @Test
    void refusesRequestsWhenTheQueueIsFull() {
        List<CompletableFuture<Client.Reply>> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(ask(ASK));
        }
        awaitMetric("cairn_requests_waiting 2.0");
        Client.Reply refused = Client.of(server).ask("/v1/completions", ASK);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 60);
        assertThat(refused.error().path("type").asString()).isEqualTo("rate_limit_error");
        assertThat(Client.of(server).ask("/v1/completions", STREAM).status()).isEqualTo(429);
        assertThat(Client.of(server).get("/ready").status()).isEqualTo(503);
        assertThat(Client.of(server).get("/health").status()).isEqualTo(200);
        awaitMetric("cairn_requests_rejected_total 2.0");
        model.letGo();
        assertThat(taken).allSatisfy(reply -> assertThat(reply.join().status()).isEqualTo(200));
        assertThat(Client.of(server).get("/ready").status()).isEqualTo(200);
    }

    @Test
    void endsWhatTakesTooLong() {
        restart(model);
        CompletableFuture<Client.Reply> running = ask(ASK);
        model.awaitHeld(1);
        CompletableFuture<Client.Reply> waiting = ask(ASK);
        awaitMetric("cairn_requests_waiting 1.0");
        clock.advance(ONE_AT_A_TIME.timeout().plusNanos(1));
        for (CompletableFuture<Client.Reply> reply : List.of(running, waiting)) {
            assertThat(reply.join().status()).isEqualTo(504);
            assertThat(reply.join().error().path("code").asString()).isEqualTo("timeout");
        }
    }

    @Test
    void endsAStreamThatTakesTooLongWithAnError() {
        HeldModel later = HeldModel.before(1);
        restart(later);
        CompletableFuture<Client.Reply> stream = ask(STREAM);
        later.awaitHeld(1);
        clock.advance(ONE_AT_A_TIME.timeout().plusNanos(1));
        Client.Reply reply = stream.join();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.isDone()).isFalse();
        assertThat(reply.events().getFirst().path("choices").get(0).path("text").asString())
                .isEqualTo("A");
        assertThat(reply.events().getLast().path("error").path("code").asString())
                .isEqualTo("timeout");
    }

    @Test
    void processesThePromptsOfABatchAtOnceWhenSlotsAreFree() {
        CompletableFuture<Client.Reply> batch = ask("{'model':'m','prompt':['a','b','c']}");
        model.awaitHeld(2);
        model.letGo();
        assertThat(batch.join().json().path("choices"))
                .extracting(c -> c.path("index").asInt() + c.path("text").asString())
                .containsExactly("0A", "1B", "2C");
        awaitMetric("cairn_requests_running 0.0");
    }

    /** Starts anew with room for one request and a clock that the test moves. */
    private void restart(HeldModel held) {
        server.close();
        server = Servers.start(Servers.settings(ONE_AT_A_TIME), clock, FakeModel.base("m", held));
    }
}
