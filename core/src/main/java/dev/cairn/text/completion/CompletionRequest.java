package dev.cairn.text.completion;

import dev.cairn.text.ChatMessage;
import java.util.List;
import java.util.Map;

/**
 * What is asked of a model.
 *
 * @param given texts of stages by name, which are then not run
 * @param topLogprobs how many of the most probable tokens to report beside each token; 0 for none
 * @param echo whether the prompt's own tokens are reported, with their log-probabilities
 */
public record CompletionRequest(
        Input input,
        Map<String, String> given,
        DecodingRequest decoding,
        int topLogprobs,
        boolean echo) {
    public CompletionRequest {
        given = Map.copyOf(given);
    }

    /** What is to be answered or continued. */
    public sealed interface Input {
        /** A conversation to answer; at least one message. */
        record Chat(List<ChatMessage> messages) implements Input {
            public Chat {
                messages = List.copyOf(messages);
            }
        }

        /** A text to go on with; a stack takes it for its input. */
        record Text(String text) implements Input {}

        /** Token ids to go on with; at least one. */
        record Tokens(List<Integer> ids) implements Input {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }
    }
}
