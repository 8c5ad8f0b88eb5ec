package dev.cairn.remote;

import dev.cairn.support.BoundedJson;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * JSON as it is sent to a server, and as it comes back: servers leave out, add and change much of
 * what OpenAI's sends, so an answer is a tree from which a field is taken if it is there.
 */
final class JsonBody {
    private static final int MAX_DEPTH = 1000;

    /** Where servers put the message of an error; there are several customs. */
    private static final List<String> MESSAGES = List.of("message", "detail", "error");

    private static final JsonMapper JSON =
            JsonMapper.builder(BoundedJson.factory(MAX_DEPTH).build())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    // Python writes NaN, which is no JSON; better one odd number than no answer.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonBody() {}

    /** A question's fields in snake case, as UTF-8. */
    static byte[] of(Object question) {
        return JSON.writeValueAsBytes(question);
    }

    /**
     * Reads the body of an answer.
     *
     * @throws dev.cairn.CairnException when it is no object
     */
    static JsonNode object(byte[] body, Problems problems) {
        JsonNode object = read(body);
        if (!object.isObject()) {
            throw problems.notJson(body);
        }
        return object;
    }

    /** Reads a body; missing when it is no JSON. */
    static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /** What the body of an error says, or the {@code error} of an answer; empty for nothing. */
    static String errorMessage(JsonNode body) {
        JsonNode error = body.has("error") ? body.path("error") : body;
        return error.isString()
                ? error.stringValue()
                : MESSAGES.stream()
                        .map(error::path)
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .findFirst()
                        .orElse("");
    }
}
