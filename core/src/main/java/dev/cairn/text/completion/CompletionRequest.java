package dev.cairn.text.completion;

import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.TemplateVariables;
import java.util.List;
import java.util.Map;

/**
 * A request for a completion.
 *
 * @param given given texts by stage name; these stages do not run
 * @param topLogprobs how many of the most probable tokens to report beside each token; 0 for none
 * @param echo whether the prompt's tokens are reported, with their log-probabilities
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

    /** The conversation to answer or the text to continue. */
    public sealed interface Input {
        /**
         * A conversation to answer; at least one message.
         *
         * @param templateVariables further variables of the chat template
         */
        record Chat(List<ChatMessage> messages, TemplateVariables templateVariables)
                implements Input {
            public Chat {
                messages = List.copyOf(messages);
            }

            /** A conversation without further variables. */
            public Chat(List<ChatMessage> messages) {
                this(messages, TemplateVariables.NONE);
            }
        }

        /** A text to continue; a stack takes it as its input. */
        record Text(String text) implements Input {}

        /** Token ids to continue; at least one. */
        record Tokens(List<Integer> ids) implements Input {
            public Tokens {
                ids = List.copyOf(ids);
            }
        }
    }
}
