package dev.cairn.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.server.Client;
import dev.cairn.server.Client.Reply;
import dev.cairn.server.FakeModel;
import dev.cairn.server.Server;
import dev.cairn.server.Servers;
import dev.cairn.text.completion.Correction;
import dev.cairn.text.completion.RequestException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrectionRoutesTest {
    private final List<Correction> added = new CopyOnWriteArrayList<>();
    private Server server;
    private Client client;

    @BeforeEach
    void start() {
        server =
                Server.with(Servers.settings(Servers.LIMITS), List.of(FakeModel.stack("stories")))
                        .corrections(this::add)
                        .start();
        client = Client.of(server);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String add(Correction correction) {
        if (!correction.stage().equals("facts")) {
            throw new RequestException("stage", "stage: no stage " + correction.stage());
        }
        added.add(correction);
        return "adapters/corrections.jsonl";
    }

    @Test
    void aCorrectionGoesIntoTheBook() {
        Reply reply =
                client.ask(
                        "/api/corrections",
                        "{'model':'stories','stage':'facts','input':'q','texts':{'focus':'f'},'text':'better'}");
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.text()).isEqualTo("{\"file\":\"adapters/corrections.jsonl\"}");
        assertThat(added)
                .containsExactly(
                        new Correction("stories", "facts", "q", Map.of("focus", "f"), "better"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | model | model is missing: expected a string",
                "{'model':'s','stage':'x','input':'q','text':'t'} | stage | stage: no stage x",
                "{'model':'s','stage':'facts','input':' ','text':'t'} | input | input: expected some text, found none",
                "{'model':'s','stage':'facts','input':'q','text':''} | text | text: expected some text, found none",
                "{'model':'s','stage':'facts','input':'q','texts':[],'text':'t'} | texts | texts: expected an object, found an empty list",
                "{'model':'s','stage':'facts','input':'q','texts':{'focus':1},'text':'t'} | texts.focus | texts.focus: expected a string, found 1",
                "{'model':'s','stage':'facts','input':'q','answer':'t'} | answer | answer: no such field; there is: input, model, stage, text, texts",
            })
    void whatMakesNoSenseIsRefusedByItsField(String body, String param, String message) {
        Reply reply = client.ask("/api/corrections", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("param").stringValue()).isEqualTo(param);
        assertThat(reply.error().path("message").stringValue()).isEqualTo(message);
        assertThat(added).isEmpty();
    }

    @Test
    void aServerWithoutAStoreSaysSo() {
        try (Server without = Servers.start(FakeModel.stack("stories"))) {
            Reply reply =
                    Client.of(without)
                            .ask(
                                    "/api/corrections",
                                    "{'model':'stories','stage':'facts','input':'a','text':'b'}");
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.error().path("code").asString()).isEqualTo("corrections_off");
        }
    }
}
