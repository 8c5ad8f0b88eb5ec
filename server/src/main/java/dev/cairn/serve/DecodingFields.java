package dev.cairn.serve;

import dev.cairn.SamplingParams;
import dev.cairn.text.completion.DecodingRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The fields of a request that say how to write: the same for chats and completions. */
final class DecodingFields {
    private static final int MOST_STOPS = 16;
    private static final double HIGHEST_TEMPERATURE = 100;
    private static final double HIGHEST_PENALTY = 100;

    /** The smallest that leaves anything: the most probable token is always in. */
    private static final double LEAST_SHARE = Double.MIN_VALUE;

    private DecodingFields() {}

    /**
     * @param usual how many tokens are written when the request does not say; null leaves it to the
     *     model
     */
    static DecodingRequest read(JsonFields fields, @Nullable Integer usual, Limits limits) {
        Integer maxTokens = maxTokens(fields, limits.maxTokens());
        return new DecodingRequest(
                maxTokens == null ? usual : maxTokens,
                new SamplingParams.Overrides(
                        fields.number("temperature", 0, HIGHEST_TEMPERATURE),
                        fields.whole("top_k", 0, Integer.MAX_VALUE),
                        fields.number("top_p", LEAST_SHARE, 1),
                        fields.number("min_p", 0, 1),
                        fields.number("repetition_penalty", LEAST_SHARE, HIGHEST_PENALTY),
                        fields.wholeLong("seed", Long.MIN_VALUE, Long.MAX_VALUE)),
                stop(fields));
    }

    private static @Nullable Integer maxTokens(JsonFields fields, int most) {
        Integer older = fields.whole("max_tokens", 0, most);
        Integer newer = fields.whole("max_completion_tokens", 0, most);
        if (older != null && newer != null && !older.equals(newer)) {
            throw Problem.badRequest(
                    "max_tokens",
                    "max_tokens is %d and max_completion_tokens is %d; they mean the same, send one"
                            .formatted(older, newer));
        }
        return newer == null ? older : newer;
    }

    private static List<String> stop(JsonFields fields) {
        JsonNode node = fields.node("stop");
        if (node == null || node.isArray() && node.isEmpty()) {
            return List.of();
        }
        if (node.isString()) {
            return List.of(stop("stop", node));
        }
        String expected = "a string, or a list of at most " + MOST_STOPS;
        List<JsonFields.Element> elements = JsonFields.elements("stop", node, expected);
        if (elements.size() > MOST_STOPS) {
            throw Problem.badRequest(
                    "stop", "stop: expected %s, found %d".formatted(expected, elements.size()));
        }
        List<String> stops = new ArrayList<>();
        elements.forEach(element -> stops.add(stop(element.path(), element.node())));
        return stops;
    }

    private static String stop(String path, JsonNode node) {
        String text = JsonFields.string(path, node);
        if (text.isEmpty()) {
            throw Problem.badRequest(path, path + ": expected some text, found the empty string");
        }
        return text;
    }
}
