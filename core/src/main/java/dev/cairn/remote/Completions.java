package dev.cairn.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks a server to continue a text as it is, or to score the text's own tokens. */
record Completions(Endpoint endpoint) implements AutoCloseable {
    /**
     * The first choice of a completion.
     *
     * @param logprobs missing or null when the server does not give them
     */
    record Choice(Reply reply, JsonNode logprobs) {
        String text() {
            return reply.text();
        }
    }

    /** Continues a text greedily. */
    Reply write(String prompt, int maxTokens, List<String> until) {
        return ask(CompletionRequest.text(model(), sendable(prompt), maxTokens, until)).reply();
    }

    /** Continues a text greedily and returns each token's log-probability. */
    Choice writeWithLogprobs(String prompt, int maxTokens) {
        return ask(CompletionRequest.withLogprobs(model(), sendable(prompt), maxTokens));
    }

    /** Returns the log-probability of each token of a text. */
    Choice echo(String text) {
        return ask(CompletionRequest.echo(model(), sendable(text)));
    }

    Problems problems() {
        return endpoint.problems();
    }

    private String model() {
        return endpoint.settings().model();
    }

    private String sendable(String text) {
        return endpoint.sendable(text);
    }

    private Choice ask(CompletionRequest question) {
        JsonNode completion =
                JsonBody.object(withWholeCharacters(endpoint.ask(question)), problems());
        JsonNode choice = completion.path("choices").path(0);
        JsonNode text = choice.path("text");
        if (!text.isString()) {
            throw problems().problem("answered without a text" + problems().said(completion));
        }
        return new Choice(
                Reply.of(completion, text.stringValue(), problems()), choice.path("logprobs"));
    }

    /**
     * Repairs the UTF-8: a token may end within a character, and some servers send its raw bytes.
     */
    private static byte[] withWholeCharacters(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
