package dev.cairn.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;

/**
 * The body of a request for a completion, written greedily.
 *
 * @param echo whether the prompt's tokens are wanted before those written; sent only if so
 * @param logprobs how many of the most probable tokens are wanted in each place; sent unless 0
 * @param stop texts that end the writing; sent unless empty
 * @param temperature 0
 */
record CompletionRequest(
        String model,
        String prompt,
        @JsonInclude(Include.NON_DEFAULT) boolean echo,
        @JsonInclude(Include.NON_DEFAULT) int logprobs,
        int maxTokens,
        @JsonInclude(Include.NON_EMPTY) List<String> stop,
        double temperature) {
    /** Goes on with a prompt. */
    static CompletionRequest text(String model, String prompt, int maxTokens, List<String> stop) {
        return new CompletionRequest(model, prompt, false, 0, maxTokens, stop, 0);
    }

    /** Goes on with a prompt and says how probable each token was. */
    static CompletionRequest withLogprobs(String model, String prompt, int maxTokens) {
        return new CompletionRequest(model, prompt, false, 1, maxTokens, List.of(), 0);
    }

    /** Says how probable each token of a prompt is; one token is written too, as some must. */
    static CompletionRequest echo(String model, String prompt) {
        return new CompletionRequest(model, prompt, true, 1, 1, List.of(), 0);
    }
}
