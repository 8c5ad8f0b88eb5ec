package dev.cairn.server.openai;

import dev.cairn.text.FinishReason;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of {@code /v1/completions}. */
final class CompletionFormat implements WireFormat {
    private final @Nullable Integer logprobs;
    private final List<String> echoes;

    /**
     * @param logprobs how many of the most probable tokens to list beside each token; null lists no
     *     tokens at all
     * @param echoes the prompt that is repeated before each choice's text, or empty
     */
    CompletionFormat(@Nullable Integer logprobs, List<String> echoes) {
        this.logprobs = logprobs;
        this.echoes = List.copyOf(echoes);
    }

    @Override
    public String idPrefix() {
        return "cmpl-";
    }

    @Override
    public String object() {
        return "text_completion";
    }

    @Override
    public String chunkObject() {
        return "text_completion";
    }

    @Override
    public boolean listsTokens() {
        return logprobs != null;
    }

    @Override
    public Map<String, @Nullable Object> choice(int index, Completion completion) {
        List<TokenProbability> tokens = new ArrayList<>(completion.prompt());
        tokens.addAll(afterEcho(index, completion.tokens()));
        return choice(
                index,
                echoes.get(index) + completion.text(),
                logprobs == null ? null : tokens(tokens),
                WireFormat.finishReason(completion.finishReason()));
    }

    private List<TokenProbability> afterEcho(int index, List<TokenProbability> tokens) {
        String echo = echoes.get(index);
        int before = echo.codePointCount(0, echo.length());
        return tokens.stream().map(token -> token.at(before + token.offset())).toList();
    }

    @Override
    public Optional<Map<String, @Nullable Object>> firstChunk(int index) {
        return Optional.of(echoes.get(index))
                .filter(echo -> !echo.isEmpty())
                .map(echo -> choice(index, echo, null, null));
    }

    @Override
    public Map<String, @Nullable Object> chunk(
            int index, String text, List<TokenProbability> tokens) {
        return choice(
                index, text, logprobs == null ? null : tokens(afterEcho(index, tokens)), null);
    }

    @Override
    public Map<String, @Nullable Object> lastChunk(int index, FinishReason reason) {
        return choice(index, "", null, WireFormat.finishReason(reason));
    }

    private static Map<String, @Nullable Object> choice(
            int index, String text, @Nullable Object logprobs, @Nullable String finishReason) {
        Map<String, @Nullable Object> choice = new LinkedHashMap<>();
        choice.put("text", text);
        choice.put("index", index);
        choice.put("logprobs", logprobs);
        choice.put("finish_reason", finishReason);
        return choice;
    }

    private Map<String, @Nullable Object> tokens(List<TokenProbability> tokens) {
        boolean withTop = logprobs != null && logprobs > 0;
        List<@Nullable Double> values = new ArrayList<>();
        List<@Nullable Object> tops = new ArrayList<>();
        for (TokenProbability token : tokens) {
            values.add(token.logprob());
            // The first token of a prompt has no probability.
            tops.add(token.logprob() == null ? null : top(token));
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tokens", tokens.stream().map(t -> name(t.text(), t.bytes())).toList());
        json.put("token_logprobs", values);
        json.put("top_logprobs", withTop ? tops : null);
        json.put("text_offset", tokens.stream().map(TokenProbability::offset).toList());
        return json;
    }

    /** Includes the token itself, even if it is not among the most probable. */
    private static Map<String, Object> top(TokenProbability token) {
        Map<String, Object> top = new LinkedHashMap<>();
        for (TokenProbability.Alternative other : token.top()) {
            top.putIfAbsent(name(other.text(), other.bytes()), other.logprob());
        }
        if (token.logprob() != null) {
            top.putIfAbsent(name(token.text(), token.bytes()), token.logprob());
        }
        return top;
    }

    /**
     * A token's text, or its bytes in OpenAI's notation if they are not complete characters;
     * otherwise two such tokens would have the same key.
     */
    private static String name(String text, List<Integer> bytes) {
        if (text.indexOf('\uFFFD') < 0 || bytes.isEmpty()) {
            return text;
        }
        StringBuilder name = new StringBuilder("bytes:");
        bytes.forEach(b -> name.append("\\x%02x".formatted(b)));
        return name.toString();
    }
}
