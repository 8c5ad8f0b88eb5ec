package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ServedModel;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the body of {@code /v1/chat/completions}. */
public final class ChatRequestReader {
    private static final int MAX_TOP_LOGPROBS = 20;

    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant");

    private ChatRequestReader() {}

    /**
     * @param maxTokens maximum number of tokens that a request gets
     * @throws ApiException if a field is invalid or not supported; the error names it
     */
    public static ParsedRequest read(JsonFields fields, ModelRegistry models, int maxTokens) {
        ServedModel model = models.required(fields);
        UnsupportedFields.refuseInChat(fields);
        CairnOptions cairn = CairnOptions.read(fields, model.card());
        boolean logprobs = fields.bool("logprobs");
        CompletionRequest request =
                new CompletionRequest(
                        new CompletionRequest.Input.Chat(
                                messages(fields), ChatTemplateKwargs.read(fields)),
                        cairn.set(),
                        DecodingFields.read(fields, null, maxTokens),
                        topLogprobs(fields, logprobs),
                        false);
        return new ParsedRequest(
                model,
                List.of(request),
                fields.bool("stream"),
                ParsedRequest.includeUsage(fields),
                cairn.trace(),
                new ChatFormat(logprobs));
    }

    private static int topLogprobs(JsonFields fields, boolean logprobs) {
        Integer top = fields.integer("top_logprobs", 0, MAX_TOP_LOGPROBS);
        if (top != null && top > 0 && !logprobs) {
            throw ApiException.badRequest("top_logprobs", "top_logprobs needs logprobs to be true");
        }
        return top == null ? 0 : top;
    }

    private static List<ChatMessage> messages(JsonFields fields) {
        String expected = "a list of at least one message";
        return fields.required("messages", expected).elements(expected).stream()
                .map(message -> message(message.object()))
                .toList();
    }

    private static ChatMessage message(JsonFields fields) {
        String role = fields.requiredString("role");
        if (!ROLES.contains(role)) {
            throw ApiException.badRequest(
                    fields.path("role"),
                    "%s: expected one of %s, found \"%s\""
                            .formatted(
                                    fields.path("role"),
                                    String.join(", ", ROLES),
                                    ErrorText.excerpt(role)));
        }
        for (String name : List.of("tool_calls", "function_call", "audio")) {
            JsonValue value = fields.get(name);
            if (value != null && !value.isEmptyList()) {
                throw ApiException.badRequest(
                        value.path(), value.path() + ": this server supports text only");
            }
        }
        // The newer name of the system role, which chat templates do not know.
        return new ChatMessage(role.equals("developer") ? "system" : role, content(fields));
    }

    private static String content(JsonFields message) {
        String expected = "a string, or a list of parts of type text";
        JsonValue content = message.required("content", expected);
        if (content.isString()) {
            return content.string();
        }
        return content.elements(expected).stream()
                .map(part -> text(part.object()))
                .collect(Collectors.joining("\n"));
    }

    private static String text(JsonFields part) {
        String type = part.requiredString("type");
        if (!type.equals("text")) {
            throw ApiException.badRequest(
                    part.path("type"),
                    "%s: this server supports parts of type text only, found \"%s\""
                            .formatted(part.path("type"), ErrorText.excerpt(type)));
        }
        return part.requiredString("text");
    }
}
