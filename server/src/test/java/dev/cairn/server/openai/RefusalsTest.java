package dev.cairn.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.CairnException;
import dev.cairn.server.Client;
import dev.cairn.server.FakeModel;
import dev.cairn.server.Server;
import dev.cairn.server.Servers;
import dev.cairn.text.completion.RequestException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused, and whether the error names the field, what was expected and what was found. */
class RefusalsTest {
    private static final List<String> LOG = new ArrayList<>();
    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() {
        server =
                Servers.start(
                        Servers.settings(Servers.LIMITS),
                        LOG::add,
                        FakeModel.stack("s"),
                        FakeModel.base(
                                "full",
                                (i, w) -> {
                                    throw new RequestException("prompt", "the prompt is too long");
                                }),
                        FakeModel.base(
                                "broken",
                                (i, w) -> {
                                    throw new CairnException("the disk is gone");
                                }),
                        FakeModel.base(
                                "odd",
                                (i, w) -> {
                                    throw new IllegalStateException("with a secret prompt");
                                }),
                        FakeModel.base(
                                "huge",
                                (i, w) -> {
                                    throw new OutOfMemoryError("of a test");
                                }));
        client = Client.of(server);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'max_tokens':'5'                    | max_tokens     | expected a whole number of at least 0, found the string \"5\"",
                "'max_tokens':-1                     | max_tokens     | found -1",
                "'max_tokens':1.5                    | max_tokens     | found 1.5",
                "'max_completion_tokens':1e99        | max_completion_tokens | whole number",
                "'max_tokens':1,'max_completion_tokens':2 | max_tokens | they mean the same",
                "'temperature':-1                    | temperature    | expected a number from 0.0 to 100.0, found -1",
                "'temperature':true                  | temperature    | found true",
                "'temperature':1e400                 | temperature    | found",
                "'top_p':0                           | top_p          | found 0",
                "'seed':'x'                          | seed           | found the string \"x\"",
                "'seed':9223372036854775808          | seed           | found 9223372036854775808",
                "'stop':''                           | stop           | expected some text",
                "'stop':[1]                          | stop[0]        | expected a string, found 1",
                "'stop':['a','b','c','d','e','f','g','h','i','j','k','l','m','n','o','p','q'] | stop | at most 16, found 17",
                "'stream':1                          | stream         | expected true or false, found 1",
                "'stream_options':[]                 | stream_options | expected an object, found an empty list",
                "'n':2                               | n              | not supported",
                "'tools':[{}]                        | tools          | not supported",
                "'tool_choice':'required'            | tool_choice    | not supported",
                "'response_format':{'type':'json_object'} | response_format | not supported",
                "'logit_bias':{'5':1}                | logit_bias     | not supported",
                "'presence_penalty':0.5              | presence_penalty | found 0.5",
                "'audio':{}                          | audio          | not supported",
                "'logprobs':3                        | logprobs       | expected true or false, found 3",
                "'top_logprobs':3                    | top_logprobs   | needs logprobs",
                "'logprobs':true,'top_logprobs':21   | top_logprobs   | from 0 to 20",
                "'cairn':{'trase':true}              | cairn.trase    | there is: set, trace",
                "'cairn':{'set':{'fact':'x'}}        | cairn.set.fact | there is: answer, facts",
                "'cairn':{'set':{'facts':1}}         | cairn.set.facts | expected a string, found 1",
                "'messages':[]                       | messages       | found an empty list",
                "'messages':'hi'                     | messages       | found the string \"hi\"",
                "'messages':[{'role':'tool','content':'x'}] | messages[0].role | found \"tool\"",
                "'messages':[{'role':'user'}]        | messages[0].content | is missing",
                "'messages':[{'role':'user','content':[{'type':'image_url'}]}] | messages[0].content[0].type | found \"image_url\"",
                "'messages':[{'role':'user','content':'\\ud800'}] | messages[0].content | surrogate",
            })
    void inChats(String fields, String param, String message) {
        String messages =
                fields.contains("'messages'") ? "" : "'messages':[{'role':'user','content':'ab'}],";
        Client.Reply reply =
                client.ask("/v1/chat/completions", "{'model':'s'," + messages + fields + "}");
        assertRefused(reply, param, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'prompt':7                          | prompt         | expected a string, a list of strings",
                "'prompt':[]                         | prompt         | found an empty list",
                "'prompt':[1,'a']                    | prompt[1]      | found the string \"a\"",
                "'prompt':['a',1]                    | prompt[1]      | expected a string, found 1",
                "'prompt':[[1],[]]                   | prompt[1]      | found an empty list",
                "'prompt':[-1]                       | prompt[0]      | found -1",
                "'stream':true                       | prompt         | is missing",
                "'prompt':'a','logprobs':21          | logprobs       | found 21",
                "'prompt':'a','best_of':2            | best_of        | not supported",
                "'prompt':'a','suffix':'b'           | suffix         | not supported",
                "'prompt':'a','echo':true,'logprobs':1,'stream':true | echo | cannot be streamed",
                "'prompt':['a','b'],'cairn':{'trace':true} | cairn.trace | cairn.trace: expected one prompt, found 2",
            })
    void inCompletions(String fields, String param, String message) {
        assertRefused(
                client.ask("/v1/completions", "{'model':'s'," + fields + "}"), param, message);
    }

    private static void assertRefused(Client.Reply reply, String param, String message) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("type").asString()).isEqualTo("invalid_request_error");
        assertThat(reply.error().path("param").asString()).isEqualTo(param);
        assertThat(reply.error().path("message").asString()).contains(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model'                  | line 1, column",
                "{'model':'s'} x           | not JSON",
                "{'model':'s','model':'s'} | uplicate",
                "[1]                       | expected an object, found a list",
                "``                        | found nothing",
            })
    void whatIsNoJson(String body, String message) {
        Client.Reply reply = client.ask("/v1/completions", body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().path("message").asString()).contains(message);
        assertThat(
                        client.ask("/v1/completions", "{'a':".repeat(70) + "1" + "}".repeat(70))
                                .status())
                .isEqualTo(400);
    }

    @Test
    void whatAModelRefusesIsTheCallersFaultAndWhatFailsIsNot() {
        Client.Reply full = client.ask("/v1/completions", "{'model':'full','prompt':'a'}");
        assertRefused(full, "prompt", "the prompt is too long");
        Client.Reply broken = client.ask("/v1/completions", "{'model':'broken','prompt':'a'}");
        assertThat(broken.status()).isEqualTo(500);
        assertThat(broken.error().path("type").asString()).isEqualTo("server_error");
        assertThat(broken.error().path("message").asString()).isEqualTo("the disk is gone");
    }

    @ParameterizedTest
    @CsvSource({"odd,java.lang.IllegalStateException", "huge,java.lang.OutOfMemoryError"})
    void whatNobodyForesawIsFoundInTheLogWithoutThePrompt(String model, String thrown) {
        Client.Reply reply =
                client.ask("/v1/completions", "{'model':'" + model + "','prompt':'a'}");
        assertThat(reply.status()).isEqualTo(500);
        String message = reply.error().path("message").asString();
        assertThat(message).startsWith("internal error ");
        String id = message.substring("internal error ".length()).split(";", 2)[0];
        assertThat(LOG).anyMatch(line -> line.contains(id) && line.contains(thrown));
        assertThat(LOG).noneMatch(line -> line.contains("secret"));
    }
}
