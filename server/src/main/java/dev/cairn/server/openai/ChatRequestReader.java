package dev.cairn.server.openai;

import dev.cairn.server.ServerLimits;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.ErrorText;
import dev.cairn.server.http.JsonFields;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ServedModel;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the body of {@code /v1/chat/completions}. */
public final class ChatRequestReader {
    private static final int MOST_TOP_LOGPROBS = 20;

    private static final List<String> ROLES = List.of("system", "developer", "user", "assistant");

    private ChatRequestReader() {}

    public static ParsedRequest read(JsonFields fields, ModelRegistry models, ServerLimits limits) {
        ServedModel model = models.required(fields);
        UnsupportedFields.refuseInChat(fields);
        CairnOptions cairn = CairnOptions.read(fields, model.card());
        boolean logprobs = fields.flag("logprobs");
        CompletionRequest request =
                new CompletionRequest(
                        new CompletionRequest.Input.Chat(messages(fields)),
                        cairn.set(),
                        DecodingFields.read(fields, null, limits),
                        topLogprobs(fields, logprobs),
                        false);
        return new ParsedRequest(
                model,
                List.of(request),
                fields.flag("stream"),
                ParsedRequest.includeUsage(fields),
                cairn.trace(),
                new ChatFormat(logprobs));
    }

    private static int topLogprobs(JsonFields fields, boolean logprobs) {
        Integer top = fields.whole("top_logprobs", 0, MOST_TOP_LOGPROBS);
        if (top != null && top > 0 && !logprobs) {
            throw ApiException.badRequest("top_logprobs", "top_logprobs needs logprobs to be true");
        }
        return top == null ? 0 : top;
    }

    private static List<ChatMessage> messages(JsonFields fields) {
        String expected = "a list of at least one message";
        JsonNode node = fields.required("messages", expected);
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonFields.Element element : JsonFields.elements("messages", node, expected)) {
            messages.add(message(JsonFields.at(element.path(), element.node())));
        }
        return messages;
    }

    private static ChatMessage message(JsonFields fields) {
        String role = fields.requiredText("role");
        if (!ROLES.contains(role)) {
            throw ApiException.badRequest(
                    fields.path("role"),
                    "%s: expected one of %s, found \"%s\""
                            .formatted(
                                    fields.path("role"),
                                    String.join(", ", ROLES),
                                    ErrorText.shortened(role)));
        }
        for (String tool : List.of("tool_calls", "function_call", "audio")) {
            JsonNode call = fields.node(tool);
            if (call != null && !(call.isArray() && call.isEmpty())) {
                throw ApiException.badRequest(
                        fields.path(tool), fields.path(tool) + ": this server knows text alone");
            }
        }
        // The newer name of the same role, which no chat template knows.
        return new ChatMessage(role.equals("developer") ? "system" : role, content(fields));
    }

    private static String content(JsonFields message) {
        String expected = "a string, or a list of parts of type text";
        JsonNode content = message.required("content", expected);
        String path = message.path("content");
        if (content.isString()) {
            return JsonFields.string(path, content);
        }
        List<String> texts = new ArrayList<>();
        for (JsonFields.Element part : JsonFields.elements(path, content, expected)) {
            texts.add(text(JsonFields.at(part.path(), part.node())));
        }
        return String.join("\n", texts);
    }

    private static String text(JsonFields part) {
        String type = part.requiredText("type");
        if (!type.equals("text")) {
            throw ApiException.badRequest(
                    part.path("type"),
                    "%s: this server reads parts of type text alone, found \"%s\""
                            .formatted(part.path("type"), ErrorText.shortened(type)));
        }
        return part.requiredText("text");
    }
}
