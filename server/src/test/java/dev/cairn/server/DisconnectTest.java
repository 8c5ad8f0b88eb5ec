package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that disconnects frees its slot, whatever is going on. */
class DisconnectTest {
    private static final String ASK = "{'model':'m','prompt':'abc','stream':%s}";

    private final HeldModel model = HeldModel.before(1);
    private final Server server =
            Servers.start(Servers.settings(Servers.LIMITS), FakeModel.base("m", model));

    @AfterEach
    void close() {
        model.letGo();
        server.close();
    }

    private RawClient ask(boolean stream) {
        return RawClient.to(server).send(RawClient.post("/v1/completions", ASK.formatted(stream)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whileItsCompletionIsGenerated(boolean stream) {
        RawClient first = ask(stream);
        RawClient second = ask(stream);
        model.awaitHeld(2);
        try (RawClient third = ask(stream)) {
            awaitMetric("cairn_requests_waiting 1.0");
            first.close();
            awaitMetric("cairn_requests_waiting 0.0");
            model.awaitHeld(2);
            model.letGo();
            assertThat(third.readUntil("\"finish_reason\":\"stop\"")).contains("200 OK");
        }
        second.close();
        awaitMetric("cairn_requests_running 0.0");
    }

    @Test
    void whileItWaits() {
        List<RawClient> running = List.of(ask(false), ask(false));
        model.awaitHeld(2);
        RawClient waiting = ask(false);
        awaitMetric("cairn_requests_waiting 1.0");
        waiting.close();
        awaitMetric("cairn_requests_waiting 0.0");
        assertThat(Client.of(server).hasMetric("cairn_requests_running 2.0")).isTrue();
        running.forEach(RawClient::close);
        awaitMetric("cairn_requests_running 0.0");
    }

    @Test
    void butNotWhenItMerelySendsItsNextRequestEarly() {
        try (RawClient client = ask(false)) {
            model.awaitHeld(1);
            client.send(RawClient.post("/v1/completions", ASK.formatted(false)));
            model.letGo();
            assertThat(client.readAll())
                    .contains("200 OK", "\"text\":\"ABC\"")
                    .containsIgnoringCase("Connection: close");
        }
    }

    @Test
    void aStreamWhoseClientSendsEarlyIsWholeBeforeItsConnectionEnds() {
        try (RawClient client = ask(true)) {
            client.readUntil("\"text\":\"A\"");
            client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            awaitOneMoreCheck();
            model.letGo();
            assertThat(client.readAll()).contains("data: [DONE]").doesNotContain("status");
        }
    }

    /**
     * The early bytes are read at the next check; what was asked meanwhile shows that checks go on.
     */
    private void awaitOneMoreCheck() {
        try (RawClient other = ask(false)) {
            model.awaitHeld(2);
            other.close();
            model.awaitHeld(1);
        }
    }

    private void awaitMetric(String line) {
        Client.of(server).awaitMetric(line);
    }
}
