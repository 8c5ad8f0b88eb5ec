package dev.cairn.server.openai;

import dev.cairn.text.completion.Completion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The token usage of a request.
 *
 * @param prompt tokens of its prompts
 * @param completion tokens that were generated
 */
public record TokenUsage(long prompt, long completion) {
    public static TokenUsage of(List<Completion> completions) {
        return new TokenUsage(
                completions.stream().mapToLong(Completion::promptTokens).sum(),
                completions.stream().mapToLong(Completion::completionTokens).sum());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_tokens", prompt);
        json.put("completion_tokens", completion);
        json.put("total_tokens", prompt + completion);
        return json;
    }
}
