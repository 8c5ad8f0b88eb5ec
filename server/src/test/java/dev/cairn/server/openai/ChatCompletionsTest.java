package dev.cairn.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.server.Client;
import dev.cairn.server.FakeModel;
import dev.cairn.server.Server;
import dev.cairn.server.Servers;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.completion.CompletionRequest.Input;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The wire format of {@code /v1/chat/completions}, field by field, and what Cairn adds to it. */
class ChatCompletionsTest {
    private static final FakeModel MODEL = FakeModel.stack("s");
    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = Servers.start(MODEL);
        client = Client.of(server);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void forget() {
        MODEL.asked.clear();
    }

    private static Client.Reply ask(String more) {
        return client.ask(
                "/v1/chat/completions",
                "{'model':'s','messages':[{'role':'user','content':'ab'}]" + more + "}");
    }

    @Test
    void logprobsListTheAnswersTokens() {
        JsonNode choice = ask(",'logprobs':true,'top_logprobs':2").json().path("choices").get(0);
        assertThat(choice.path("logprobs").path("content")).hasSize(2);
        assertThat(choice.path("logprobs").path("content").get(0).toString())
                .isEqualTo(
                        "{\"token\":\"A\",\"logprob\":-0.065,\"bytes\":[65],\"top_logprobs\":[{\"token\":\"A\",\"logprob\":-0.065,\"bytes\":[65]},{\"token\":\"B\",\"logprob\":-1.065,\"bytes\":[66]}]}");
        JsonNode without = ask(",'logprobs':true").json().path("choices").get(0);
        assertThat(without.path("logprobs").path("content").get(0).path("top_logprobs")).isEmpty();
    }

    @Test
    void everyMessageReachesTheModel() {
        client.ask(
                "/v1/chat/completions",
                "{'model':'s','messages':[{'role':'developer','content':'x'},{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},{'role':'assistant','content':'c','refusal':null,'tool_calls':[]},{'role':'user','content':'d','name':'eve'}]}");
        assertThat(MODEL.asked.getFirst().input())
                .isEqualTo(
                        new Input.Chat(
                                List.of(
                                        new ChatMessage("system", "x"),
                                        new ChatMessage("user", "a\nb"),
                                        new ChatMessage("assistant", "c"),
                                        new ChatMessage("user", "d"))));
    }

    @Test
    void aTraceSaysWhatEveryStageWasAskedAndSaid() {
        JsonNode cairn = ask(",'cairn':{'trace':true}").json().path("cairn");
        assertThat(cairn.get("trace_id").isNull()).isTrue();
        assertThat(cairn.path("stages"))
                .extracting(
                        stage -> stage.path("stage").asString() + stage.path("output").asString())
                .containsExactly("factsAB", "answerAB");
        assertThat(ask("").json().has("cairn")).isFalse();
    }

    @Test
    void aStreamedTraceComesStageByStageBesideTheAnswer() {
        Client.Reply reply = ask(",'stream':true,'cairn':{'trace':true}");
        assertThat(reply.events().stream().map(ChatCompletionsTest::brief))
                .containsExactly(
                        "stage_started facts",
                        "stage_text facts A",
                        "stage_text facts B",
                        "stage_finished facts",
                        "stage_started answer",
                        "stage_text answer A",
                        "",
                        "A",
                        "stage_text answer B",
                        "B",
                        "stage_finished answer",
                        "",
                        "done");
        assertThat(reply.isDone()).isTrue();
        JsonNode text = reply.events().get(1).path("cairn");
        assertThat(text.path("tokens").toString())
                .isEqualTo("[{\"text\":\"A\",\"logprob\":-0.065}]");
        assertThat(reply.events().get(3).path("cairn").path("trace").path("output").asString())
                .isEqualTo("AB");
        assertThat(reply.events().getLast().path("cairn").get("trace_id").isNull()).isTrue();
    }

    private static String brief(JsonNode event) {
        JsonNode cairn = event.path("cairn");
        return cairn.isMissingNode()
                ? event.path("choices").get(0).path("delta").path("content").asString("")
                : (cairn.path("event").asString()
                                + " "
                                + cairn.path("stage").asString("")
                                + " "
                                + cairn.path("text").asString(""))
                        .strip();
    }

    @Test
    void aGivenStageIsNotRunAndAGivenAnswerIsStreamedAllTheSame() {
        ask(",'cairn':{'set':{'facts':'f'}}");
        assertThat(MODEL.asked.getFirst().given()).isEqualTo(Map.of("facts", "f"));
        Client.Reply reply = ask(",'stream':true,'cairn':{'set':{'answer':'mine'}}");
        assertThat(reply.events().stream().map(ChatCompletionsTest::brief))
                .containsExactly("", "mine", "");
        assertThat(reply.events().getLast().path("choices").get(0).path("finish_reason").asString())
                .isEqualTo("stop");
    }

    @Test
    void tokenizesAsLlamaServerDoes() {
        assertThat(client.ask("/tokenize", "{'content':'aé'}").text())
                .isEqualTo("{\"tokens\":[97,233]}");
        assertThat(client.ask("/tokenize", "{'content':'','model':'s'}").text())
                .isEqualTo("{\"tokens\":[]}");
        assertThat(client.ask("/tokenize", "{'model':'s'}").error().path("param").asString())
                .isEqualTo("content");
    }
}
