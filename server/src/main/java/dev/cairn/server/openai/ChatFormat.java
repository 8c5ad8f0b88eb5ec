package dev.cairn.server.openai;

import dev.cairn.server.http.JsonCodec;
import dev.cairn.text.FinishReason;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of {@code /v1/chat/completions}.
 *
 * @param logprobs whether tokens are listed with their log-probabilities
 */
record ChatFormat(boolean logprobs) implements WireFormat {
    @Override
    public String idPrefix() {
        return "chatcmpl-";
    }

    @Override
    public String object() {
        return "chat.completion";
    }

    @Override
    public String chunkObject() {
        return "chat.completion.chunk";
    }

    @Override
    public boolean listsTokens() {
        return logprobs;
    }

    @Override
    public Map<String, @Nullable Object> choice(int index, Completion completion) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", completion.text());
        message.put("refusal", null);
        return choice(
                index,
                "message",
                message,
                tokens(completion.tokens()),
                WireFormat.finishReason(completion.finishReason()));
    }

    @Override
    public Optional<Map<String, @Nullable Object>> firstChunk(int index) {
        Map<String, Object> delta = JsonCodec.object("role", "assistant", "content", "");
        return Optional.of(choice(index, "delta", delta, null, null));
    }

    @Override
    public Map<String, @Nullable Object> chunk(
            int index, String text, List<TokenProbability> tokens) {
        return choice(index, "delta", Map.of("content", text), tokens(tokens), null);
    }

    @Override
    public Map<String, @Nullable Object> lastChunk(int index, FinishReason reason) {
        return choice(index, "delta", Map.of(), null, WireFormat.finishReason(reason));
    }

    private static Map<String, @Nullable Object> choice(
            int index,
            String contentName,
            Map<String, ? extends @Nullable Object> content,
            @Nullable Object logprobs,
            @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", index);
        choice.put(contentName, content);
        choice.put("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        return choice;
    }

    private @Nullable Object tokens(List<TokenProbability> tokens) {
        if (!logprobs) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("content", tokens.stream().map(ChatFormat::token).toList());
        json.put("refusal", null);
        return json;
    }

    private static Map<String, @Nullable Object> token(TokenProbability token) {
        Map<String, @Nullable Object> json = token(token.text(), token.logprob(), token.bytes());
        json.put(
                "top_logprobs",
                token.top().stream()
                        .map(top -> token(top.text(), top.logprob(), top.bytes()))
                        .toList());
        return json;
    }

    private static Map<String, @Nullable Object> token(
            String text, @Nullable Double logprob, List<Integer> bytes) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("token", text);
        json.put("logprob", logprob);
        json.put("bytes", bytes);
        return json;
    }
}
