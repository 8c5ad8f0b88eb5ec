package dev.cairn.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.SamplingParams;
import dev.cairn.server.Client;
import dev.cairn.server.FakeModel;
import dev.cairn.server.Server;
import dev.cairn.server.Servers;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.DecodingRequest;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The wire format of {@code /v1/completions}, field by field. */
class CompletionsTest {
    private static final FakeModel MODEL = FakeModel.base("m");
    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = Servers.start(MODEL, FakeModel.stack("s"));
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

    private static Client.Reply ask(String fields) {
        return client.ask("/v1/completions", "{'model':'m'," + fields + "}");
    }

    private static JsonNode choice(String fields) {
        Client.Reply reply = ask(fields);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().path("choices").get(0);
    }

    @Test
    void aPlainAnswer() {
        assertThat(choice("'prompt':'abc','max_tokens':2").toString())
                .isEqualTo(
                        "{\"text\":\"AB\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\"}");
    }

    @Test
    void sixteenTokensUnlessItSaysOtherwiseButAStackKnowsItself() {
        String twenty = "a".repeat(20);
        assertThat(choice("'prompt':'" + twenty + "'").path("text").asString()).hasSize(16);
        JsonNode stack =
                client.ask("/v1/completions", "{'model':'s','prompt':'" + twenty + "'}").json();
        assertThat(stack.path("choices").get(0).path("text").asString()).hasSize(20);
    }

    @Test
    void whatHarnessesAskToScoreAPrompt() {
        JsonNode choice =
                choice(
                        "'prompt':[97,98,8364],'max_tokens':1,'echo':true,'logprobs':1,'temperature':0,'seed':1234");
        assertThat(choice.path("text").asString()).isEqualTo("ab€A");
        JsonNode logprobs = choice.path("logprobs");
        assertThat(logprobs.path("tokens").toString()).isEqualTo("[\"a\",\"b\",\"€\",\"A\"]");
        assertThat(logprobs.path("token_logprobs").toString())
                .isEqualTo("[null,-0.098,-8.364,-0.065]");
        assertThat(logprobs.path("top_logprobs").toString())
                .isEqualTo("[null,{\"b\":-0.098},{\"€\":-8.364},{\"A\":-0.065}]");
        assertThat(logprobs.path("text_offset").toString()).isEqualTo("[0,1,2,3]");
        CompletionRequest asked = MODEL.asked.getFirst();
        assertThat(asked.echo()).isTrue();
        assertThat(asked.input())
                .isEqualTo(new CompletionRequest.Input.Tokens(List.of(97, 98, 8364)));
        assertThat(asked.decoding())
                .isEqualTo(
                        new DecodingRequest(
                                1,
                                new SamplingParams.Overrides(0.0, null, null, null, null, 1234L),
                                List.of()));
    }

    @Test
    void echoWithoutLogprobsIsTheTextAlone() {
        JsonNode choice = choice("'prompt':'ab','echo':true,'max_tokens':0");
        assertThat(choice.path("text").asString()).isEqualTo("ab");
        assertThat(choice.path("logprobs").isNull()).isTrue();
        assertThat(MODEL.asked.getFirst().echo()).isFalse();
    }

    @Test
    void logprobsOfNoneListsTheTokensAlone() {
        JsonNode logprobs = choice("'prompt':'ab','logprobs':0").path("logprobs");
        assertThat(logprobs.path("tokens").toString()).isEqualTo("[\"A\",\"B\"]");
        assertThat(logprobs.path("top_logprobs").isNull()).isTrue();
        assertThat(logprobs.path("text_offset").toString()).isEqualTo("[0,1]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"['ab','','c']", "[[97,98],[100],[99]]"})
    void aBatchHasAChoiceForEveryPrompt(String prompts) {
        JsonNode json = ask("'prompt':" + prompts).json();
        assertThat(json.path("choices"))
                .extracting(c -> c.path("index").asInt())
                .containsExactly(0, 1, 2);
        assertThat(json.path("choices").get(0).path("text").asString()).isEqualTo("AB");
        assertThat(json.path("choices").get(2).path("text").asString()).isEqualTo("C");
        long prompt = json.path("usage").path("prompt_tokens").asLong();
        assertThat(json.path("usage").path("total_tokens").asLong()).isEqualTo(2 * prompt);
    }

    @Test
    void aStreamedBatchSaysWhichChoiceAPieceIsOf() {
        Client.Reply reply =
                ask(
                        "'prompt':['ab','cd'],'stream':true,'echo':true,'stream_options':{'include_usage':true}");
        assertThat(reply.isDone()).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThat(textOf(reply.events(), i)).isEqualTo(i == 0 ? "abAB" : "cdCD");
        }
        JsonNode last = reply.events().getLast();
        assertThat(last.path("choices")).isEmpty();
        assertThat(last.path("usage").path("completion_tokens").asInt()).isEqualTo(4);
        assertThat(reply.events().getFirst().get("usage").isNull()).isTrue();
    }

    private static String textOf(List<JsonNode> events, int index) {
        StringBuilder text = new StringBuilder();
        events.stream()
                .flatMap(event -> StreamSupport.stream(event.path("choices").spliterator(), false))
                .filter(choice -> choice.path("index").asInt() == index)
                .forEach(choice -> text.append(choice.path("text").asString()));
        return text.toString();
    }

    @Test
    void streamedLogprobsComeWithTheirTokens() {
        List<JsonNode> events = ask("'prompt':'ab','stream':true,'logprobs':1").events();
        assertThat(events).hasSize(3);
        assertThat(events.get(1).path("choices").get(0).path("logprobs").toString())
                .isEqualTo(
                        "{\"tokens\":[\"B\"],\"token_logprobs\":[-0.066],\"top_logprobs\":[{\"B\":-0.066}],\"text_offset\":[1]}");
    }

    @Test
    void everyWayToDecodeReachesTheModel() {
        ask(
                "'prompt':'a','max_tokens':3,'temperature':0.5,'top_p':0.9,'top_k':40,'min_p':0.05,'repetition_penalty':1.1,'seed':-7,'stop':['x','y']");
        assertThat(MODEL.asked.getFirst().decoding())
                .isEqualTo(
                        new DecodingRequest(
                                3,
                                new SamplingParams.Overrides(0.5, 40, 0.9, 0.05, 1.1, -7L),
                                List.of("x", "y")));
    }

    @Test
    void nullCountsAsLeftOutAndStrangersAreIgnored() {
        ask(
                "'prompt':'a','max_tokens':null,'stop':null,'temperature':null,'n':1,'best_of':1,'suffix':null,'user':'me','store':false,'service_tier':'auto','metadata':{},'whatever':[1]");
        assertThat(MODEL.asked).hasSize(1);
        assertThat(MODEL.asked.getFirst().decoding().maxTokens()).isEqualTo(16);
    }
}
