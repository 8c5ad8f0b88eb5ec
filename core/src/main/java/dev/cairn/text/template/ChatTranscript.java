package dev.cairn.text.template;

import dev.cairn.text.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Joins a conversation into the single text that a stack reads. Training and answering use the same
 * form.
 */
public final class ChatTranscript {
    private ChatTranscript() {}

    /**
     * The text of a single turn as it is; several turns each after its role ({@code User: }),
     * separated by line breaks.
     */
    public static String input(List<ChatMessage> turns) {
        return turns.size() == 1
                ? turns.getFirst().content()
                : turns.stream()
                        .map(turn -> label(turn.role()) + ": " + turn.content())
                        .collect(Collectors.joining("\n"));
    }

    private static String label(String role) {
        return role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1);
    }
}
