package dev.cairn.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;

/**
 * The body of a request for a greedy completion.
 *
 * @param echo whether to return the prompt's tokens before the generated ones; sent only if true
 * @param logprobs how many of the most probable tokens to return at each position; sent unless 0
 * @param stop texts that end the completion; sent unless empty
 * @param temperature always 0
 */
record CompletionRequest(
        String model,
        String prompt,
        @JsonInclude(Include.NON_DEFAULT) boolean echo,
        @JsonInclude(Include.NON_DEFAULT) int logprobs,
        int maxTokens,
        @JsonInclude(Include.NON_EMPTY) List<String> stop,
        double temperature) {
    /** Continues a prompt. */
    static CompletionRequest text(String model, String prompt, int maxTokens, List<String> stop) {
        return new CompletionRequest(model, prompt, false, 0, maxTokens, stop, 0);
    }

    /** Continues a prompt and returns each token's log-probability. */
    static CompletionRequest withLogprobs(String model, String prompt, int maxTokens) {
        return new CompletionRequest(model, prompt, false, 1, maxTokens, List.of(), 0);
    }

    /**
     * Returns the log-probability of each token of a prompt; also generates one token, the minimum.
     */
    static CompletionRequest echo(String model, String prompt) {
        return new CompletionRequest(model, prompt, true, 1, 1, List.of(), 0);
    }
}
