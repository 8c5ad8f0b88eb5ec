package dev.cairn.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.server.Client;
import dev.cairn.server.Client.Reply;
import dev.cairn.server.FakeModel;
import dev.cairn.server.Server;
import dev.cairn.server.Servers;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.server.trace.TraceSettings;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TraceRoutesTest {
    @TempDir private Path temp;
    private TraceRecorder traces;
    private Server server;
    private Client client;

    @BeforeEach
    void start() {
        traces = TraceRecorder.open(TraceSettings.in(temp.resolve("traces.db")), warning -> {});
        server = server(traces);
        client = Client.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
        traces.close();
    }

    private static Server server(TraceRecorder traces) {
        return Server.with(
                        Servers.settings(Servers.LIMITS),
                        List.of(FakeModel.stack("stories"), FakeModel.base("pebble")))
                .traces(traces)
                .start();
    }

    private String ask(String model, String question) {
        Reply reply =
                client.ask(
                        "/v1/chat/completions",
                        "{'model':'%s','messages':[{'role':'user','content':'%s'}],'cairn':{'trace':true}}"
                                .formatted(model, question));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().path("cairn").path("trace_id").stringValue();
    }

    private Reply marked(String id, String body) {
        return client.send(
                client.to("/api/traces/" + id + "/marks")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body.replace('\'', '"')))
                        .build());
    }

    private Reply deleted(String id) {
        return client.send(client.to("/api/traces/" + id).DELETE().build());
    }

    @Test
    void whatWasAnsweredIsListedAndShown() {
        String first = ask("stories", "where is olga");
        String second = ask("pebble", "who is there");

        JsonNode list = client.get("/api/traces").json();
        assertThat(list.path("more").booleanValue()).isFalse();
        assertThat(list.path("traces").valueStream().map(t -> t.path("id").stringValue()))
                .containsExactly(second, first);
        JsonNode entry = list.path("traces").get(1);
        assertThat(entry.propertyNames())
                .containsExactly("id", "created", "model", "input", "answer", "mark", "millis");
        assertThat(entry.path("model").stringValue()).isEqualTo("stories");
        assertThat(entry.path("input").stringValue()).contains("where is olga");
        assertThat(entry.path("mark").isNull()).isTrue();
        assertThat(Instant.parse(entry.path("created").stringValue()))
                .isBeforeOrEqualTo(Instant.now());

        JsonNode trace = client.get("/api/traces/" + first).json();
        assertThat(trace.propertyNames())
                .containsExactly(
                        "id",
                        "created",
                        "model",
                        "input",
                        "set",
                        "answer",
                        "millis",
                        "finish_reason",
                        "stages",
                        "marks");
        assertThat(trace.path("stages").valueStream().map(s -> s.path("stage").stringValue()))
                .containsExactly("facts", "answer");
        assertThat(trace.path("stages").get(0).has("token_logprobs")).isTrue();
        assertThat(trace.path("marks")).hasToString("{\"answer\":null,\"stages\":{}}");
    }

    @Test
    void searchesAndPages() {
        String olga = ask("stories", "where is olga");
        String ivan = ask("stories", "where is ivan");
        String base = ask("pebble", "where is olga");

        assertThat(ids("query=OLG")).containsExactly(base, olga);
        assertThat(ids("query=olga&model=stories")).containsExactly(olga);
        assertThat(ids("query=" + encoded("' OR 1=1 --"))).isEmpty();
        assertThat(ids("limit=2")).containsExactly(base, ivan);
        assertThat(client.get("/api/traces?limit=2").json().path("more").booleanValue()).isTrue();
        assertThat(ids("limit=2&before=" + ivan)).containsExactly(olga);
        assertThat(ids("query=&model=&mark=&before=")).hasSize(3);
    }

    private List<String> ids(String parameters) {
        Reply reply = client.get("/api/traces?" + parameters);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json()
                .path("traces")
                .valueStream()
                .map(trace -> trace.path("id").stringValue())
                .toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void marksAreKeptAndTakenAway() {
        String id = ask("stories", "where");
        assertThat(marked(id, "{'stage':null,'mark':'right'}").status()).isEqualTo(204);
        assertThat(marked(id, "{'stage':'facts','mark':'wrong'}").status()).isEqualTo(204);
        assertThat(client.get("/api/traces/" + id).json().path("marks"))
                .hasToString("{\"answer\":\"right\",\"stages\":{\"facts\":\"wrong\"}}");
        assertThat(ids("mark=right")).containsExactly(id);
        assertThat(ids("mark=wrong")).isEmpty();
        assertThat(marked(id, "{'mark':null}").status()).isEqualTo(204);
        assertThat(ids("mark=right")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'mark':'good'} | mark | mark: expected right or wrong, found 'good'",
                "{'stage':'facts'} | mark | mark is missing: expected right, wrong, or null to remove it",
                "{'stage':5,'mark':'right'} | stage | stage: expected a string, found 5",
                "{'stage':'fcats','mark':'right'} | stage | stage: no stage 'fcats' in this trace; the stages are: facts, answer",
                "{'mark':'right','x':1} | x | x: no such field; there is: mark, stage",
            })
    void aMarkThatMakesNoSenseIsRefused(String body, String param, String message) {
        Reply reply = marked(ask("stories", "where"), body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("param").stringValue()).isEqualTo(param);
        assertThat(reply.error().path("message").stringValue()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0 | limit: expected a whole number from 1 to 200, found '0'",
                "limit=many | limit: expected a whole number from 1 to 200, found 'many'",
                "limit=99999999999 | limit: expected a whole number from 1 to 200, found '99999999999'",
                "mark=good | mark: expected right or wrong, found 'good'",
            })
    void aParameterThatMakesNoSenseIsRefused(String parameters, String message) {
        Reply reply = client.get("/api/traces?" + parameters);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("message").stringValue()).isEqualTo(message);
    }

    @Test
    void aQueryMayBeLongButNotTooLong() {
        assertThat(ids("query=" + encoded("äb ".repeat(66)))).isEmpty();
        assertThat(client.get("/api/traces?query=" + "a".repeat(201)).error().path("message"))
                .hasToString("\"query: expected at most 200 characters, found 201\"");
    }

    @Test
    void whatIsDeletedIsGone() {
        String id = ask("stories", "where");
        assertThat(deleted(id).status()).isEqualTo(204);
        for (Reply reply :
                List.of(
                        deleted(id),
                        client.get("/api/traces/" + id),
                        marked(id, "{'mark':'right'}"))) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.error().path("code").stringValue()).isEqualTo("trace_not_found");
        }
        assertThat(ids("")).isEmpty();
    }

    @Test
    void withoutTracesTheListSaysSo() {
        try (Server off = server(TraceRecorder.off())) {
            Client asking = Client.of(off);
            assertThat(asking.get("/api/traces").json())
                    .hasToString("{\"traces\":[],\"more\":false,\"off\":true}");
            Reply reply = asking.get("/api/traces/01JN8S7QG0");
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.error().path("message").stringValue())
                    .isEqualTo("this server was started without storing traces");
        }
    }
}
