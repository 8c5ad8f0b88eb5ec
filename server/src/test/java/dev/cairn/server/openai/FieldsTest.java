package dev.cairn.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.server.Client;
import dev.cairn.server.FakeModel;
import dev.cairn.server.Server;
import dev.cairn.server.Servers;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.completion.Ending;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Fields of OpenAI, vLLM and llama.cpp that change the prompt or the text: each reaches the model
 * or is refused by its name, and passes where it asks for nothing.
 */
class FieldsTest {
    private static final FakeModel MODEL = FakeModel.base("m");
    private static Server server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = Servers.start(Servers.settings(Servers.LIMITS), line -> {}, MODEL);
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

    private static Client.Reply chat(String fields) {
        return client.ask(
                "/v1/chat/completions",
                "{'model':'m','messages':[{'role':'user','content':'ab'}]," + fields + "}");
    }

    private static Client.Reply completion(String fields) {
        return client.ask("/v1/completions", "{'model':'m','prompt':'ab'," + fields + "}");
    }

    /** A field, values that are refused, and values that ask for nothing, both separated by ~. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "n                    | 2                       | 1",
                "best_of              | 2                       | 1",
                "use_beam_search      | true                    | false",
                "length_penalty       | 0.5                     | 1.0",
                "early_stopping       | true~'never'            | false",
                "logit_bias           | {'5':1}~[[5,-1]]        | {}~[]~{'5':0}",
                "allowed_token_ids    | [1]                     | []",
                "bad_words            | ['a']                   | []",
                "logits_processors    | ['a']                   | []",
                "presence_penalty     | 0.1                     | 0~0.0",
                "frequency_penalty    | -1                      | 0",
                "repeat_penalty       | 1.1                     | 1",
                "no_repeat_ngram_size | 3                       | 0",
                "typical_p            | 0.9                     | 1.0",
                "top_n_sigma          | 1.5                     | -1~0",
                "mirostat             | 2                       | 0",
                "dry_multiplier       | 0.8                     | 0",
                "xtc_probability      | 0.5                     | 0",
                "dynatemp_range       | 0.5                     | 0.0",
                "min_keep             | 2                       | 0",
                "samplers             | ['top_k']               | []",
                "lora                 | [{'id':0,'scale':1}]    | []",
                "min_tokens           | 3                       | 0",
                "ignore_eos           | true                    | false",
                "n_predict            | 5~-1                    |",
                "n_indent             | 4                       | 0",
                "t_max_predict_ms     | 10                      | 0~-1",
                "truncate_prompt_tokens | 5~-1                  |",
                "prompt_embeds        | 'AAAA'                  |",
                "n_keep               | 5                       | 0~-1",
                "image_data           | [{}]                    | []",
                "extra_body           | {'min_tokens':3}        | {}",
                "response_format      | {'type':'json_schema'}~{} | {'type':'text'}",
                "json_schema          | {}                      |",
                "grammar              | 'root ::= x'            | ''",
                "structural_tag       | 'x'                     |",
                "guided_json          | {}                      |",
                "guided_regex         | 'a'                     |",
                "guided_choice        | ['a']                   |",
                "guided_grammar       | 'a'                     |",
                "structured_outputs   | {'regex':'a'}           | {}",
                "prompt_logprobs      | 0~1                     |",
                "n_probs              | 1                       | 0",
                "return_token_ids     | true                    | false",
                "return_tokens_as_token_ids | true              | false",
                "spaces_between_special_tokens | false          | true",
                "suffix               | 'x'                     | ''",
                "stop_token_ids       | ['a']~[-1]~5            | []",
                "include_stop_str_in_output | 'yes'             | false",
                "skip_special_tokens  | 1                       | true",
                "top_k                | -2~0.5                  | -1~0",
                "min_p                | 2                       | 0",
                "repetition_penalty   | 0                       | 1",
                "stop                 | ''~[1]                  | []",
            })
    void inBothKindsOfRequests(String field, String refused, @Nullable String unused) {
        for (String value : refused.split("~")) {
            assertRefused(chat("'" + field + "':" + value), field);
            assertRefused(completion("'" + field + "':" + value), field);
        }
        assertPass(field, unused);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tools                | [{}]                    | []",
                "functions            | [{}]                    | []",
                "tool_choice          | 'required'~{}           | 'none'~'auto'",
                "function_call        | {'name':'f'}            | 'none'",
                "documents            | [{'text':'a'}]          | []",
                "chat_template        | '{{ x }}'               |",
                "add_generation_prompt | false                  | true",
                "continue_final_message | true                  | false",
                "add_special_tokens   | true                    | false",
                "echo                 | true                    | false",
                "modalities           | ['audio']               | ['text']",
                "audio                | {}                      |",
                "prediction           | {}                      |",
                "verbosity            | 'low'                   | 'medium'",
                "web_search_options   | {}                      |",
                "mm_processor_kwargs  | {'a':1}                 | {}",
                "reasoning_effort     | 'high'                  | 'none'",
                "reasoning_format     | 'deepseek'              | 'none'",
                "include_reasoning    | false                   | true",
                "thinking_forced_open | true                    | false",
                "thinking_token_budget | 5                      |",
                "thinking_budget_tokens | 0                     | -1",
                "reasoning            | {'effort':'low'}        | {}",
                "thinking             | {'type':'disabled'}     |",
                "think                | false                   |",
                "enable_thinking      | false                   |",
                "chat_template_kwargs | 5~{'tools':[]}~{'add_generation_prompt':false}~{'chat_template':'x'} | {}~{'tools':null}",
            })
    void inChats(String field, String refused, @Nullable String unused) {
        for (String value : refused.split("~")) {
            assertRefused(chat("'" + field + "':" + value), field);
        }
        for (String value : values(unused)) {
            assertThat(chat("'" + field + "':" + value).status()).as(value).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "add_special_tokens   | false                   | true",
                "chat_template_kwargs | {'enable_thinking':true} | {}",
            })
    void inCompletions(String field, String refused, @Nullable String unused) {
        assertRefused(completion("'" + field + "':" + refused), field);
        assertThat(completion("'" + field + "':" + unused).status()).isEqualTo(200);
    }

    @Test
    void theWindowOfAPenaltyIsRefusedOnlyWithAPenalty() {
        assertThat(chat("'repeat_last_n':64").status()).isEqualTo(200);
        assertThat(chat("'repeat_last_n':64,'repetition_penalty':1.0").status()).isEqualTo(200);
        assertThat(chat("'repeat_last_n':-1,'repetition_penalty':1.1").status()).isEqualTo(200);
        assertRefused(chat("'repeat_last_n':64,'repetition_penalty':1.1"), "repeat_last_n");
    }

    private static void assertRefused(Client.Reply reply, String field) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().path("param").asString()).startsWith(field);
    }

    private static void assertPass(String field, @Nullable String values) {
        for (String value : values(values)) {
            assertThat(chat("'" + field + "':" + value).status()).as(value).isEqualTo(200);
            assertThat(completion("'" + field + "':" + value).status()).as(value).isEqualTo(200);
        }
    }

    private static List<String> values(@Nullable String values) {
        return values == null ? List.of("null") : Arrays.asList((values + "~null").split("~"));
    }

    @Test
    void whatEndsATextReachesTheModel() {
        String fields =
                "'stop_token_ids':[5,6],'include_stop_str_in_output':true,'skip_special_tokens':false";
        chat(fields);
        completion(fields);
        assertThat(MODEL.asked)
                .extracting(asked -> asked.decoding().ending())
                .containsExactly(
                        new Ending(List.of(5, 6), true, true),
                        new Ending(List.of(5, 6), true, true));
        assertThat(completion("'stop_token_ids':null").status()).isEqualTo(200);
        assertThat(MODEL.asked.getLast().decoding().ending()).isEqualTo(Ending.DEFAULT);
        assertRefused(completion("'echo':true,'skip_special_tokens':false"), "skip_special_tokens");
    }

    @Test
    void variablesOfTheTemplateReachTheModel() {
        chat(
                "'chat_template_kwargs':{'enable_thinking':false,'n':3,'x':0.5,'s':'t','l':[1,{'a':null}],'none':null}");
        Map<String, @Nullable Object> nothing = new LinkedHashMap<>();
        nothing.put("a", null);
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("enable_thinking", false);
        expected.put("n", 3L);
        expected.put("x", 0.5);
        expected.put("s", "t");
        expected.put("l", List.of(1L, nothing));
        expected.put("none", null);
        assertThat(((Input.Chat) MODEL.asked.getLast().input()).templateVariables().values())
                .isEqualTo(expected);
    }

    @Test
    void noEffortOfReasoningSwitchesThinkingOff() {
        chat("'reasoning_effort':'none'");
        assertThat(((Input.Chat) MODEL.asked.getLast().input()).templateVariables().values())
                .isEqualTo(Map.of("enable_thinking", false));
    }

    /** The server of these tests allows 100. */
    @Test
    void moreTokensThanTheServerAllowsMeansAsManyAsItAllows() {
        for (String field : List.of("max_tokens", "max_completion_tokens")) {
            for (String many : List.of("101", "32000", "100000000000")) {
                chat("'" + field + "':" + many);
                completion("'" + field + "':" + many);
            }
            chat("'" + field + "':7");
        }
        assertThat(MODEL.asked)
                .extracting(asked -> asked.decoding())
                .extracting(DecodingRequest::maxTokens)
                .containsExactly(100, 100, 100, 100, 100, 100, 7, 100, 100, 100, 100, 100, 100, 7);
    }
}
