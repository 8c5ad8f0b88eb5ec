package dev.cairn.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Models that refuse a field of the request are asked again without it. */
class RefusedFieldsTest {
    /** Refuses these fields, one a time, each in the words of its value; "%s" is the field. */
    private static FakeTeacher refusing(Map<String, String> bodies) {
        return FakeTeacher.start(request ->
                bodies.keySet().stream()
                        .sorted()
                        .filter(field -> request.json().has(field))
                        .findFirst()
                        .map(field ->
                                FakeTeacher.status(
                                        bodies.getOrDefault(field, "").contains("loc") ? 422 : 400,
                                        bodies.getOrDefault(field, "").formatted(field)))
                        .orElse(FakeTeacher.says("Paris")));
    }

    private static Set<String> settings(FakeTeacher.Request request) {
        return Set.copyOf(
                request.json().propertyNames().stream()
                        .filter(name -> !Set.of("model", "messages").contains(name))
                        .toList());
    }

    /** As OpenAI, Azure, FastAPI and others say it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\": {\"message\": \"no\", \"param\": \"%s\", \"code\": \"unsupported_parameter\"}}",
                "{\"error\": {\"message\": \"Unsupported parameter: '%s' is not supported with this model. Use 'max_completion_tokens' instead.\"}}",
                "{\"error\": {\"message\": \"Unrecognized request argument supplied: %s\", \"param\": null}}",
                "{\"detail\": [{\"type\": \"extra_forbidden\", \"loc\": [\"body\", \"%s\"], \"msg\": \"Extra inputs are not permitted\"}]}",
            })
    void eachFieldIsLeftOutInWhateverWordsItIsRefused(String body) {
        for (String field : List.of("max_tokens", "temperature", "top_p", "seed")) {
            try (FakeTeacher teacher = refusing(Map.of(field, body));
                    RemoteModel model = new Remotes().open(teacher)) {
                assertThat(model.asking(1).answer("q").text()).isEqualTo("Paris");
                assertThat(teacher.requests()).hasSize(2);
                assertThat(settings(teacher.requests().get(0)))
                        .containsExactlyInAnyOrder("max_tokens", "temperature", "top_p", "seed");
                assertThat(settings(teacher.requests().get(1)))
                        .doesNotContain(field)
                        .hasSize(field.equals("max_tokens") ? 4 : 3);
            }
        }
    }

    @Test
    void severalFieldsAreLeftOutOneAfterAnotherAndOnlyOncePerRun() {
        String body = "{\"error\": {\"message\": \"no\", \"param\": \"%s\"}}";
        try (FakeTeacher teacher =
                        refusing(Map.of("max_tokens", body, "temperature", body, "top_p", body));
                RemoteModel model = new Remotes().open(teacher)) {
            model.asking(1).answer("q");
            assertThat(teacher.requests()).hasSize(4);
            model.asking(2).answer("r");
            assertThat(teacher.requests()).hasSize(5);
            assertThat(teacher.requests().getLast().json())
                    .isEqualTo(
                            new JsonMapper()
                                    .readTree(
                                            """
                                            {"model": "llama3.2:3b", "max_completion_tokens": 100, "seed": 2,
                                             "messages": [{"role": "user", "content": "r"}]}
                                            """));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"error":{"message":"max_tokens is too large: 100. This model supports at most 64","param":"max_tokens"}} | teacher.max_tokens | 1
                    {"error":{"message":"'max_tokens' or 'max_completion_tokens' is too large: 100"}}       | teacher.max_tokens | 1
                    {"error":{"message":"Unsupported value: 'messages[0].role' does not support 'system' with this model.","param":"messages[0].role"}} | teacher.system | 1
                    {"error":{"message":"System role not supported"}}                                      | teacher.system | 1
                    {"error":{"message":"the question is odd"}}                                            | the question is odd | 1
                    """)
    void whatCannotBeLeftOutIsNamedByItsKey(String body, String named, int requests) {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.status(400, body));
                RemoteModel model =
                        new Remotes()
                                .open(
                                        new RemoteSettings(
                                                teacher.baseUrl(),
                                                "m",
                                                "Be short.",
                                                0.7,
                                                0.9,
                                                100,
                                                Duration.ofSeconds(60),
                                                2,
                                                null))) {
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining(named)
                    .hasMessageContaining("400")
                    .hasMessageNotContaining("run it again");
            assertThat(teacher.requests()).hasSize(requests);
        }
    }

    /** The settings of these tests have top_p 0.9; a teacher's default is 1. */
    @Test
    void ofTwoThatExcludeEachOtherTheOneThatAsksForNothingIsLeftOut() {
        String both =
                "{\"error\": {\"message\": \"`temperature` and `top_p` cannot both be specified\"}}";
        try (FakeTeacher teacher =
                        FakeTeacher.start(request ->
                                request.json().has("temperature") && request.json().has("top_p")
                                        ? FakeTeacher.status(400, both)
                                        : FakeTeacher.says("Paris"));
                RemoteModel model =
                        new Remotes()
                                .open(
                                        new RemoteSettings(
                                                teacher.baseUrl(),
                                                "m",
                                                null,
                                                0.7,
                                                1,
                                                100,
                                                Duration.ofSeconds(60),
                                                2,
                                                null))) {
            model.asking(1).answer("q");
            assertThat(settings(teacher.requests().getLast()))
                    .containsExactlyInAnyOrder("max_tokens", "seed", "temperature");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\": [{\"message\": {\"content\": \"\", \"reasoning\": \"hm\"}}]}",
                "{\"choices\": [{\"message\": {\"content\": null, \"reasoning_content\": \"hm\"}}]}",
                "{\"choices\": [{\"message\": {\"content\": \"\"}}], \"usage\": {\"completion_tokens_details\": {\"reasoning_tokens\": 9}}}",
            })
    void aThoughtAloneIsNoEmptyAnswer(String body) {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.json(body));
                RemoteModel model = new Remotes().open(teacher)) {
            assertThat(model.asking(1).answer("q").text()).startsWith("<think>");
        }
    }

    @Test
    void aModelThatTakesNeitherLimitIsAnError() {
        String body = "{\"error\": {\"message\": \"no\", \"param\": \"%s\"}}";
        try (FakeTeacher teacher =
                        refusing(Map.of("max_tokens", body, "max_completion_tokens", body));
                RemoteModel model = new Remotes().open(teacher)) {
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .hasMessageEndingWith("change or remove teacher.max_tokens in the YAML");
            assertThat(teacher.requests()).hasSize(2);
        }
    }

    @Test
    void thoughtsInPartsAndFieldsOfTheirOwnAreNoText() {
        String message =
                "{\"reasoning_content\": \"hm\", \"content\": [{\"type\": \"thinking\", \"text\": \"hm\"}, {\"type\": \"text\", \"text\": \"Paris\"}]}";
        try (FakeTeacher teacher =
                        FakeTeacher.start(
                                FakeTeacher.json(
                                        "{\"choices\": [{\"message\": " + message + "}]}"));
                RemoteModel model = new Remotes().open(teacher)) {
            assertThat(model.asking(1).answer("q").text()).isEqualTo("Paris");
        }
    }
}
