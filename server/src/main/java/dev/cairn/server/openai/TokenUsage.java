package dev.cairn.server.openai;

import dev.cairn.text.completion.Completion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many tokens were read and written for a request. */
public record TokenUsage(long read, long written) {
    public static TokenUsage of(List<Completion> completions) {
        return new TokenUsage(
                completions.stream().mapToLong(Completion::promptTokens).sum(),
                completions.stream().mapToLong(Completion::completionTokens).sum());
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_tokens", read);
        json.put("completion_tokens", written);
        json.put("total_tokens", read + written);
        return json;
    }
}
