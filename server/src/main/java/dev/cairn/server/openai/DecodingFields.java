package dev.cairn.server.openai;

import dev.cairn.config.SamplingParams;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonValue;
import dev.cairn.support.Range;
import dev.cairn.text.completion.DecodingRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the decoding fields, which both kinds of requests share. */
final class DecodingFields {
    private static final int MAX_STOP_STRINGS = 16;
    private static final double MAX_TEMPERATURE = 100;
    private static final double MAX_PENALTY = 100;

    private DecodingFields() {}

    /**
     * @param defaultTokens number of tokens to generate if the request does not set it; null leaves
     *     it to the model
     * @param maxTokens maximum number of tokens that a request gets
     */
    static DecodingRequest read(JsonFields fields, @Nullable Integer defaultTokens, int maxTokens) {
        Integer tokens = maxTokens(fields, maxTokens);
        return new DecodingRequest(
                tokens == null ? defaultTokens : tokens,
                new SamplingParams.Overrides(
                        fields.number("temperature", 0, MAX_TEMPERATURE),
                        topK(fields),
                        fields.number("top_p", Range.ABOVE_0, 1),
                        fields.number("min_p", 0, 1),
                        fields.number("repetition_penalty", Range.ABOVE_0, MAX_PENALTY),
                        fields.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE)),
                stop(fields),
                EndingFields.read(fields));
    }

    /** vLLM and llama.cpp also write -1 for no limit. */
    private static @Nullable Integer topK(JsonFields fields) {
        Integer k = fields.integer("top_k", -1, Integer.MAX_VALUE);
        return k == null ? null : Math.max(k, 0);
    }

    /**
     * Clients send fixed limits such as 32,000; more than this server allows means as much as it
     * allows.
     */
    private static @Nullable Integer maxTokens(JsonFields fields, int max) {
        Long older = fields.longInteger("max_tokens", 0, Long.MAX_VALUE);
        Long newer = fields.longInteger("max_completion_tokens", 0, Long.MAX_VALUE);
        if (older != null && newer != null && !older.equals(newer)) {
            throw ApiException.badRequest(
                    "max_tokens",
                    "max_tokens is %d and max_completion_tokens is %d; they mean the same; send only one"
                            .formatted(older, newer));
        }
        Long asked = newer == null ? older : newer;
        return asked == null ? null : (int) Math.min(asked, max);
    }

    private static List<String> stop(JsonFields fields) {
        JsonValue stop = fields.get("stop");
        if (stop == null || stop.isEmptyList()) {
            return List.of();
        }
        if (stop.isString()) {
            return List.of(nonEmpty(stop));
        }
        String expected = "a string, or a list of at most " + MAX_STOP_STRINGS;
        List<JsonValue> elements = stop.elements(expected);
        if (elements.size() > MAX_STOP_STRINGS) {
            throw ApiException.badRequest(
                    "stop", "stop: expected %s, found %d".formatted(expected, elements.size()));
        }
        return elements.stream().map(DecodingFields::nonEmpty).toList();
    }

    private static String nonEmpty(JsonValue value) {
        String text = value.string();
        if (text.isEmpty()) {
            throw ApiException.badRequest(
                    value.path(), value.path() + ": expected some text, found the empty string");
        }
        return text;
    }
}
