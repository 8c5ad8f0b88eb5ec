package dev.cairn.server.openai;

import dev.cairn.text.ChatMessage;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.ServedModel;
import java.util.List;
import java.util.stream.Collectors;

/** Converts a prompt to text for echoes, traces and the log. */
public final class PromptText {
    private PromptText() {}

    public static String of(Input input, ServedModel model) {
        return switch (input) {
            case Input.Text(String text) -> text;
            case Input.Tokens(List<Integer> ids) ->
                    model.detokenize(ids.stream().mapToInt(Integer::intValue).toArray());
            case Input.Chat chat -> of(chat.messages());
        };
    }

    /** The content of a single message; several messages each after its role. */
    private static String of(List<ChatMessage> messages) {
        return messages.size() == 1
                ? messages.getFirst().content()
                : messages.stream()
                        .map(message -> message.role() + ": " + message.content())
                        .collect(Collectors.joining("\n"));
    }
}
