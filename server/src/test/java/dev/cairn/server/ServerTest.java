package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a client sees of a server on the ways that everybody goes. */
class ServerTest {
    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = Servers.start(FakeModel.stack("stories"), FakeModel.base("stories/facts"));
        client = Client.of(server);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void listsItsModels() {
        JsonNode json = client.get("/v1/models").json();
        assertThat(json.path("object").asString()).isEqualTo("list");
        assertThat(json.path("data")).hasSize(2);
        JsonNode first = json.path("data").get(0);
        assertThat(first.path("id").asString()).isEqualTo("stories");
        assertThat(first.path("object").asString()).isEqualTo("model");
        assertThat(first.path("owned_by").asString()).isEqualTo("cairn");
        assertThat(first.path("cairn").toString())
                .isEqualTo(
                        "{\"kind\":\"stack\",\"description\":\"answers in capitals\",\"base\":\"pebble\",\"stages\":[\"facts\",\"answer\"],\"context_window\":2048}");
    }

    @Test
    void namesOneModelAlsoWhenItsIdHasASlash() {
        assertThat(client.get("/v1/models/stories/facts").json().path("id").asString())
                .isEqualTo("stories/facts");
        assertThat(client.get("/v1/models/stories%2Ffacts").json().path("id").asString())
                .isEqualTo("stories/facts");
    }

    @Test
    void answersAChat() {
        Client.Reply reply =
                client.ask(
                        "/v1/chat/completions",
                        "{'model':'stories','messages':[{'role':'user','content':'Grüße'}]}");
        assertThat(reply.status()).isEqualTo(200);
        JsonNode json = reply.json();
        assertThat(json.path("object").asString()).isEqualTo("chat.completion");
        assertThat(json.path("choices").get(0).toString())
                .isEqualTo(
                        "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"GRÜSSE\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}");
        assertThat(json.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":5,\"completion_tokens\":6,\"total_tokens\":11}");
    }

    @Test
    void streamsAChat() {
        Client.Reply reply =
                client.ask(
                        "/v1/chat/completions",
                        "{'model':'stories','stream':true,'messages':[{'role':'user','content':'ab'}]}");
        assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
        assertThat(reply.isDone()).isTrue();
        assertThat(reply.events())
                .extracting(event -> event.path("choices").get(0).path("delta").toString())
                .containsExactly(
                        "{\"role\":\"assistant\",\"content\":\"\"}",
                        "{\"content\":\"A\"}",
                        "{\"content\":\"B\"}",
                        "{}");
        assertThat(reply.events())
                .extracting(event -> event.path("choices").get(0).path("finish_reason").asString())
                .containsExactly("", "", "", "stop");
        assertThat(reply.events())
                .extracting(event -> event.path("id").asString())
                .containsOnly(reply.events().getFirst().path("id").asString());
    }

    @Test
    void servesItsPage() {
        Client.Reply page = client.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'self'");
        assertThat(
                        client.send(
                                        client.to("/")
                                                .header("If-None-Match", page.header("ETag"))
                                                .build())
                                .status())
                .isEqualTo(304);
        assertThat(client.get("/page/index.html").text()).isEqualTo(page.text());
        assertThat(client.get("/page/missing.js").status()).isEqualTo(404);
        assertThat(client.get("/page/..%2FServer.class").status()).isIn(400, 404);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(client.get("/v2").status()).isEqualTo(404);
        assertThat(client.get("/v2").error().path("code").asString()).isEqualTo("not_found");
        Client.Reply wrongMethod = client.get("/v1/chat/completions");
        assertThat(wrongMethod.status()).isEqualTo(405);
        assertThat(wrongMethod.header("Allow")).contains("POST");
        Client.Reply noModel = client.ask("/v1/completions", "{'model':'gpt-9','prompt':'a'}");
        assertThat(noModel.status()).isEqualTo(404);
        assertThat(noModel.error().path("code").asString()).isEqualTo("model_not_found");
        assertThat(noModel.error().path("message").asString()).contains("stories");
    }

    @Test
    void isAliveAndReady() {
        assertThat(client.get("/health").text()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(client.get("/ready").status()).isEqualTo(200);
        assertThat(client.get("/metrics").text()).contains("cairn_requests_running", "jvm_memory");
    }
}
