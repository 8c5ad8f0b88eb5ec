package dev.cairn.remote;

import com.openai.client.OpenAIClient;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server to go on with a text as it is, and what it thinks of the text's own tokens. */
final class Completions implements AutoCloseable {
    /** Python writes NaN, which is no JSON: better to find it than to refuse all of the answer. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

    private final RemoteSettings settings;
    private final Problems problems;
    private final OpenAIClient client;

    Completions(RemoteSettings settings, Problems problems, OpenAIClient client) {
        this.settings = settings;
        this.problems = problems;
        this.client = client;
    }

    /**
     * The first choice of a completion.
     *
     * @param logprobs missing or null where they were not asked for
     */
    record Choice(
            String text,
            String finishReason,
            JsonNode logprobs,
            String model,
            int promptTokens,
            int completionTokens) {}

    /** Goes on with a text, greedily. */
    Choice write(String prompt, int maxTokens, List<String> until) {
        CompletionCreateParams.Builder question = question(prompt).maxTokens(maxTokens);
        if (!until.isEmpty()) {
            question.stopOfStrings(until);
        }
        return ask(question.build());
    }

    /** Goes on with a text, greedily, and says how probable each token was. */
    Choice writeWithLogprobs(String prompt, int maxTokens) {
        return ask(question(prompt).maxTokens(maxTokens).logprobs(1).build());
    }

    /** Says how probable each token of a text is; one token is written too, as some must. */
    Choice echo(String text) {
        return ask(question(text).maxTokens(1).logprobs(1).echo(true).build());
    }

    private CompletionCreateParams.Builder question(String prompt) {
        return CompletionCreateParams.builder()
                .model(settings.model())
                .prompt(Clients.sendable(prompt, problems))
                .temperature(0);
    }

    private Choice ask(CompletionCreateParams question) {
        try (HttpResponse response = client.completions().withRawResponse().create(question)) {
            return choice(Clients.body(response));
        } catch (OpenAIServiceException e) {
            throw problems.refused(e);
        } catch (OpenAIIoException e) {
            throw problems.broken(e);
        }
    }

    private Choice choice(String body) {
        JsonNode reply = json(body);
        JsonNode choice = reply.path("choices").path(0);
        JsonNode text = choice.path("text");
        if (!text.isString()) {
            throw problems.unusable(
                    "answered without a text%s"
                            .formatted(
                                    problems.quoted(
                                            reply.path("error").path("message").asString(""))));
        }
        JsonNode usage = reply.path("usage");
        return new Choice(
                text.stringValue(),
                choice.path("finish_reason").asString(""),
                choice.path("logprobs"),
                problems.cleaned(reply.path("model").asString("")),
                Math.max(0, usage.path("prompt_tokens").asInt(0)),
                Math.max(0, usage.path("completion_tokens").asInt(0)));
    }

    private JsonNode json(String body) {
        try {
            JsonNode reply = JSON.readTree(body);
            if (reply.isObject()) {
                return reply;
            }
        } catch (JacksonException e) {
            throw problems.notJson(body);
        }
        throw problems.notJson(body);
    }

    @Override
    public void close() {
        client.close();
    }
}
