package dev.cairn.remote;

import dev.cairn.CairnException;
import dev.cairn.text.FinishReason;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The parts of a completion that are used. Servers omit much of what OpenAI's always sends; only a
 * choice with a message or a text must be there.
 *
 * @param model as the server names it; empty when it does not
 * @param promptTokens 0 when the server does not say
 * @param completionTokens 0 when the server does not say
 */
record Reply(
        String text,
        FinishReason finishReason,
        String model,
        int promptTokens,
        int completionTokens) {
    /** The fields that servers have for thoughts: vLLM's, llama.cpp's, Ollama's and others'. */
    private static final List<String> THOUGHTS =
            List.of("reasoning", "reasoning_content", "thinking");

    /**
     * Reads a chat completion.
     *
     * @throws CairnException when the body is not a completion, has no choice, or holds something
     *     other than text
     */
    static Reply ofChat(byte[] body, Problems problems) {
        JsonNode completion = JsonBody.object(body, problems);
        JsonNode choice = completion.path("choices").path(0);
        if (!choice.isObject()) {
            throw problems.problem("answered without choices" + problems.said(completion));
        }
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw problems.problem("answered with a choice without a message");
        }
        String text = text(message.path("content"));
        checkIsText(message, reason(choice), text, problems);
        return of(completion, text.isBlank() ? thought(completion, message) : text, problems);
    }

    /**
     * What a model thought that wrote nothing else, after the mark with which most models begin, so
     * that nobody takes it for an empty answer; empty if it did not think.
     */
    private static String thought(JsonNode completion, JsonNode message) {
        for (String field : THOUGHTS) {
            String thought = message.path(field).stringValue("");
            if (!thought.isBlank()) {
                return "<think>" + thought;
            }
        }
        // Some servers do not show thoughts, but count them.
        JsonNode details = completion.path("usage").path("completion_tokens_details");
        return count(details.path("reasoning_tokens")) > 0 ? "<think>" : "";
    }

    /**
     * Reads what chat completions and text completions have in common.
     *
     * @param text of its first choice
     */
    static Reply of(JsonNode completion, String text, Problems problems) {
        JsonNode usage = completion.path("usage");
        return new Reply(
                text,
                reason(completion.path("choices").path(0)).equals("length")
                        ? FinishReason.LENGTH
                        : FinishReason.STOP,
                problems.cleaned(completion.path("model").asString("")),
                count(usage.path("prompt_tokens")),
                count(usage.path("completion_tokens")));
    }

    private static String reason(JsonNode choice) {
        return choice.path("finish_reason").stringValue("stop");
    }

    /**
     * The text of a string or of a list of parts; empty for anything else, {@code null} above all.
     * Thoughts come in parts of other types.
     */
    private static String text(JsonNode content) {
        return content.isArray()
                ? content.valueStream()
                        .filter(part -> part.path("type").stringValue("text").endsWith("text"))
                        .map(part -> part.path("text").stringValue(""))
                        .collect(Collectors.joining())
                : content.stringValue("");
    }

    /** What a server sends instead of text must not pass for an empty text. */
    private static void checkIsText(
            JsonNode message, String reason, String text, Problems problems) {
        String refusal = message.path("refusal").stringValue("");
        if (!refusal.isBlank()) {
            throw problems.problem("refuses to answer" + problems.quoted(refusal));
        }
        if (reason.equals("content_filter")) {
            throw problems.problem("stopped the answer with its content filter");
        }
        JsonNode toolCalls = message.path("tool_calls");
        boolean isCall =
                message.path("function_call").isObject()
                        || (toolCalls.isArray() && !toolCalls.isEmpty());
        if (text.isEmpty() && isCall) {
            throw problems.problem(
                    "calls a tool instead of answering; choose a model that answers in text");
        }
    }

    private static int count(JsonNode tokens) {
        return Math.clamp(tokens.asLong(0), 0, Integer.MAX_VALUE);
    }
}
