package dev.cairn.text.template;

import dev.cairn.text.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A conversation as the one text that a stack reads: in training and in answering alike, so that a
 * stack that learnt from conversations is asked as it was taught.
 */
public final class ChatTranscript {
    private ChatTranscript() {}

    /**
     * The text of the only turn if there is no other, else all turns, each after its role ({@code
     * User: }), with a line break between.
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
