package dev.cairn.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A request for a chat completion.
 *
 * @param messages the system message, if there is one, and the user's
 * @param settings the other fields, by their names in the JSON
 */
record ChatRequest(List<Message> messages, Map<String, Object> settings) {
    /**
     * Older and local servers know only the first of these names, which OpenAI calls deprecated and
     * its models that think refuse.
     */
    static final String MAX_TOKENS = "max_tokens";

    static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";

    /** One message. */
    record Message(String content, String role) {}

    /**
     * A question with the settings of an endpoint.
     *
     * @param without fields that the model refuses
     * @throws dev.cairn.CairnException when a text cannot be sent
     */
    static ChatRequest of(Endpoint endpoint, String input, long seed, Set<String> without) {
        RemoteSettings settings = endpoint.settings();
        List<Message> messages = new ArrayList<>();
        if (settings.system() != null) {
            messages.add(new Message(endpoint.sendable(settings.system()), "system"));
        }
        messages.add(new Message(endpoint.sendable(input), "user"));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                without.contains(MAX_TOKENS) ? MAX_COMPLETION_TOKENS : MAX_TOKENS,
                settings.maxTokens());
        fields.put("seed", seed);
        fields.put("temperature", settings.temperature());
        fields.put("top_p", settings.topP());
        fields.keySet().removeAll(without);
        return new ChatRequest(messages, fields);
    }

    /** The fields as they are sent. */
    Map<String, Object> body(String model) {
        Map<String, Object> body = new LinkedHashMap<>(settings);
        body.put("model", model);
        body.put("messages", messages);
        return body;
    }
}
