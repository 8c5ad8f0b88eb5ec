package dev.cairn.serve;

import dev.cairn.text.FinishReason;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.TokenProbability;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers of {@code /v1/chat/completions}.
 *
 * @param logprobs whether tokens are listed with their log-probabilities
 */
record ChatJson(boolean logprobs) implements AnswerFormat {
    @Override
    public String idPrefix() {
        return "chatcmpl-";
    }

    @Override
    public String wholeObject() {
        return "chat.completion";
    }

    @Override
    public String pieceObject() {
        return "chat.completion.chunk";
    }

    @Override
    public boolean listsTokens() {
        return logprobs;
    }

    @Override
    public Map<String, @Nullable Object> whole(int index, Completion completion) {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("role", "assistant");
        message.put("content", completion.text());
        message.put("refusal", null);
        return choice(
                index,
                "message",
                message,
                tokens(completion.tokens()),
                AnswerFormat.finishReason(completion.finishReason()));
    }

    @Override
    public Optional<Map<String, @Nullable Object>> first(int index) {
        return Optional.of(
                choice(
                        index,
                        "delta",
                        Json.object("role", "assistant", "content", ""),
                        null,
                        null));
    }

    @Override
    public Map<String, @Nullable Object> piece(
            int index, String text, List<TokenProbability> tokens) {
        return choice(index, "delta", Map.of("content", text), tokens(tokens), null);
    }

    @Override
    public Map<String, @Nullable Object> last(int index, FinishReason reason) {
        return choice(index, "delta", Map.of(), null, AnswerFormat.finishReason(reason));
    }

    private static Map<String, @Nullable Object> choice(
            int index,
            String name,
            Map<String, ? extends @Nullable Object> said,
            @Nullable Object logprobs,
            @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("index", index);
        choice.put(name, said);
        choice.put("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        return choice;
    }

    private @Nullable Object tokens(List<TokenProbability> tokens) {
        if (!logprobs) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("content", tokens.stream().map(ChatJson::token).toList());
        json.put("refusal", null);
        return json;
    }

    private static Map<String, @Nullable Object> token(TokenProbability token) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("token", token.text());
        json.put("logprob", token.logprob());
        json.put("bytes", token.bytes());
        json.put("top_logprobs", token.top().stream().map(ChatJson::alternative).toList());
        return json;
    }

    private static Map<String, @Nullable Object> alternative(TokenProbability.Alternative token) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("token", token.text());
        json.put("logprob", token.logprob());
        json.put("bytes", token.bytes());
        return json;
    }
}
