package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a server ends, with clients that are in the middle of something. */
class GracefulShutdownTest {
    private static final String STREAM = "{'model':'m','prompt':'abc','stream':true}";

    private final HeldModel model = HeldModel.before(1);
    private final Server server = Servers.start(FakeModel.base("m", model));

    @Test
    void letsAStreamFinishAndBeginsNothingNew() throws InterruptedException {
        try (RawClient running = RawClient.to(server);
                RawClient late = RawClient.to(server)) {
            running.send(RawClient.post("/v1/completions", STREAM));
            running.readUntil("\"text\":\"A\"");
            Thread closing = Thread.startVirtualThread(server::close);
            Eventually.isTrue("refuses", () -> Client.of(server).get("/v1/models").status() == 503);
            assertThat(late.send(RawClient.post("/v1/completions", STREAM)).readAll())
                    .contains("503 Service Unavailable", "shutting_down")
                    .containsIgnoringCase("Connection: close");
            assertThat(Client.of(server).get("/health").status()).isEqualTo(200);
            assertThat(Client.of(server).get("/ready").status()).isEqualTo(503);
            model.letGo();
            assertThat(running.readAll()).contains("\"text\":\"C\"", "data: [DONE]");
            assertThat(closing.join(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void endsWhatDoesNotFinishWithAnError() {
        try (RawClient running = RawClient.to(server);
                RawClient whole = RawClient.to(server)) {
            running.send(RawClient.post("/v1/completions", STREAM));
            running.readUntil("\"text\":\"A\"");
            whole.send(RawClient.post("/v1/completions", STREAM.replace("true", "false")));
            model.awaitHeld(2);
            server.close(Duration.ofMillis(10));
            assertThat(running.readAll()).contains("shutting_down").doesNotContain("[DONE]");
            assertThat(whole.readAll()).contains("503 Service", "shutting_down");
        }
    }

    @Test
    void canBeStartedAgainAtOnceOnTheSamePort() {
        int port = server.port();
        ServerSettings settings =
                new ServerSettings("127.0.0.1", port, List.of(), List.of(), false, Servers.LIMITS);
        assertThatThrownBy(() -> Servers.start(settings, FakeModel.base("m")))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("port " + port);
        server.close();
        try (Server again = Servers.start(settings, FakeModel.base("m"))) {
            assertThat(Client.of(again).get("/health").status()).isEqualTo(200);
        }
    }
}
