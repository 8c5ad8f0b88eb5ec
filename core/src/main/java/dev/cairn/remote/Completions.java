package dev.cairn.remote;

import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Asks a server to go on with a text as it is, and what it thinks of the text's own tokens. */
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

    /** Goes on with a text, greedily. */
    Reply write(String prompt, int maxTokens, List<String> until) {
        return ask(CompletionRequest.text(model(), sendable(prompt), maxTokens, until)).reply();
    }

    /** Goes on with a text, greedily, and says how probable each token was. */
    Choice writeWithLogprobs(String prompt, int maxTokens) {
        return ask(CompletionRequest.withLogprobs(model(), sendable(prompt), maxTokens));
    }

    /** Says how probable each token of a text is. */
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

    /** A token may end within a character, and some servers send its bytes as they are. */
    private static byte[] withWholeCharacters(byte[] body) {
        return new String(body, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
