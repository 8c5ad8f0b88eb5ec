package dev.cairn.server.openai;

import dev.cairn.text.ChatMessage;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.ServedModel;
import java.util.List;
import java.util.stream.Collectors;

/** What was asked, as a text for people. */
public final class PromptText {
    private PromptText() {}

    public static String of(Input input, ServedModel model) {
        return switch (input) {
            case Input.Text(String text) -> text;
            case Input.Tokens(List<Integer> ids) ->
                    model.detokenize(ids.stream().mapToInt(Integer::intValue).toArray());
            case Input.Chat(List<ChatMessage> messages) -> of(messages);
        };
    }

    /** One message is its content; several say who speaks. */
    private static String of(List<ChatMessage> messages) {
        return messages.size() == 1
                ? messages.getFirst().content()
                : messages.stream()
                        .map(message -> message.role() + ": " + message.content())
                        .collect(Collectors.joining("\n"));
    }
}
