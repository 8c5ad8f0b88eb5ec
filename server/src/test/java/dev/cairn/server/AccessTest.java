package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, from where, and what is written about it. */
class AccessTest {
    private static ServerSettings settings(String host, List<String> keys, List<String> origins) {
        return new ServerSettings(host, 0, keys, origins, false, Servers.LIMITS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "", " "})
    void doesNotListenToOthersWithoutAKey(String host) {
        assertThatExceptionOfType(CairnException.class)
                .isThrownBy(() ->
                        Servers.start(settings(host, List.of(), List.of()), FakeModel.base("m")))
                .withMessageContaining("needs an API key")
                .satisfies(e -> assertThat(e.suggestedSettings()).containsExactly("apiKeys"));
        assertThatThrownBy(() ->
                        Servers.start(settings(host, List.of(" "), List.of()), FakeModel.base("m")))
                .hasMessageContaining("empty");
    }

    @Test
    void asksForAKeyWhereverSomethingCouldBeHad() {
        List<String> keys = List.of("first-key", "second-key");
        try (Server server =
                Servers.start(settings("127.0.0.1", keys, List.of()), FakeModel.base("m"))) {
            Client client = Client.of(server);
            for (String path : List.of("/v1/models", "/metrics", "/api/traces", "/nowhere")) {
                Client.Reply reply = client.get(path);
                assertThat(reply.status()).isEqualTo(401);
                assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
                assertThat(reply.error().path("code").asString()).isEqualTo("invalid_api_key");
            }
            for (String path : List.of("/", "/page/index.html", "/health", "/ready")) {
                assertThat(client.get(path).status()).isEqualTo(200);
            }
            assertThat(status(client, "Bearer first-key")).isEqualTo(200);
            assertThat(status(client, "bearer second-key")).isEqualTo(200);
            assertThat(status(client, "Bearer first-ke")).isEqualTo(401);
            assertThat(status(client, "Basic first-key")).isEqualTo(401);
            assertThat(status(client, "Bearer ")).isEqualTo(401);
            assertThat(rawHost(server, "evil.example", "Authorization: Bearer first-key\r\n"))
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static int status(Client client, String authorization) {
        return client.send(client.to("/v1/models").header("Authorization", authorization).build())
                .status();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost,200",
        "LOCALHOST:8080,200",
        "127.0.0.1:1,200",
        "[::1]:80,200",
        "evil.example,403",
        "localhost.evil.example:8080,403",
        "127.0.0.1.evil.example,403",
    })
    void withoutAKeyAnswersOnlyToNamesOfThisMachine(String host, int status) {
        try (Server server = Servers.start(FakeModel.base("m"))) {
            assertThat(rawHost(server, host, "")).startsWith("HTTP/1.1 " + status);
        }
    }

    private static String rawHost(Server server, String host, String more) {
        try (RawClient client = RawClient.to(server)) {
            return client.send(
                            "GET /v1/models HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n"
                                    .formatted(host, more))
                    .readAll();
        }
    }

    @Test
    void readsNoBodyThatAForeignPageCouldSendUnasked() {
        try (Server server = Servers.start(FakeModel.base("m"))) {
            Client client = Client.of(server);
            for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
                Client.Reply reply =
                        client.send(
                                client.to("/v1/completions")
                                        .header("Content-Type", type)
                                        .POST(BodyPublishers.ofString("{}"))
                                        .build());
                assertThat(reply.status()).isEqualTo(415);
                assertThat(reply.error().path("code").asString())
                        .isEqualTo("unsupported_media_type");
            }
        }
    }

    @Test
    void pagesOfOtherOriginsMayCallOnlyWhenTheyAreNamed() {
        String page = "https://app.example";
        try (Server server =
                Servers.start(
                        settings("127.0.0.1", List.of("k"), List.of(page)), FakeModel.base("m"))) {
            Client client = Client.of(server);
            Client.Reply preflight = preflight(client, page);
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo(page);
            assertThat(preflight.header("Access-Control-Allow-Headers"))
                    .isEqualTo("authorization, content-type");
            assertThat(preflight.header("Vary")).isEqualTo("Origin");
            assertThat(
                            preflight(client, "https://evil.example")
                                    .header("Access-Control-Allow-Origin"))
                    .isEmpty();
            assertThat(
                            client.send(client.to("/v1/models").header("Origin", page).build())
                                    .header("Access-Control-Allow-Origin"))
                    .isEqualTo(page);
        }
        try (Server server = Servers.start(FakeModel.base("m"))) {
            Client.Reply reply = preflight(Client.of(server), page);
            assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(reply.header("Allow")).contains("POST");
        }
    }

    private static Client.Reply preflight(Client client, String origin) {
        return client.send(
                client.to("/v1/completions")
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", "POST")
                        .header("Access-Control-Request-Headers", "authorization, content-type")
                        .build());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void logsALineForEveryRequestAndPromptsOnlyWhenAsked(boolean prompts) {
        List<String> log = new ArrayList<>();
        ServerSettings settings =
                new ServerSettings("127.0.0.1", 0, List.of(), List.of(), prompts, Servers.LIMITS);
        try (Server server = Servers.start(settings, log::add, FakeModel.base("m"))) {
            Client.of(server).ask("/v1/completions", "{'model':'m','prompt':'hush'}");
        }
        assertThat(log)
                .anyMatch(line ->
                        line.matches(
                                "POST /v1/completions model=m status=200 ms=[0-9.]+ read=4 written=4"));
        assertThat(log.toString().contains("hush")).isEqualTo(prompts);
        assertThat(log.toString().contains("HUSH")).isEqualTo(prompts);
    }
}
