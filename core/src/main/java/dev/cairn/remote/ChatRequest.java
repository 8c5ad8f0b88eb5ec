package dev.cairn.remote;

import java.util.ArrayList;
import java.util.List;

/**
 * The body of a request for a chat completion. OpenAI calls {@code max_tokens} and {@code seed}
 * deprecated, but local servers accept no other names.
 *
 * @param messages the system message, if there is one, and the user's
 */
record ChatRequest(
        List<Message> messages,
        String model,
        int maxTokens,
        long seed,
        double temperature,
        double topP) {
    /** One message. */
    record Message(String content, String role) {}

    /**
     * A question with the settings of an endpoint.
     *
     * @throws dev.cairn.CairnException when a text cannot be sent
     */
    static ChatRequest of(Endpoint endpoint, String input, long seed) {
        RemoteSettings settings = endpoint.settings();
        List<Message> messages = new ArrayList<>();
        if (settings.system() != null) {
            messages.add(new Message(endpoint.sendable(settings.system()), "system"));
        }
        messages.add(new Message(endpoint.sendable(input), "user"));
        return new ChatRequest(
                messages,
                settings.model(),
                settings.maxTokens(),
                seed,
                settings.temperature(),
                settings.topP());
    }
}
