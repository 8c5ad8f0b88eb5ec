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
 * Writes the JSON of requests and reads that of responses. Servers omit, add and change much of
 * what OpenAI's sends, so a response is a tree from which a field is taken if it is there.
 */
final class JsonBody {
    private static final int MAX_DEPTH = 1000;

    /** The fields in which servers put an error message; conventions differ. */
    private static final List<String> MESSAGES = List.of("message", "detail", "error");

    private static final JsonMapper JSON =
            JsonMapper.builder(BoundedJson.factory(MAX_DEPTH).build())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    // Python writes NaN, which is not JSON; one odd number is better than no
                    // response.
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private JsonBody() {}

    /** Writes a question's fields in snake case, as UTF-8. */
    static byte[] of(Object question) {
        return JSON.writeValueAsBytes(question);
    }

    /**
     * Reads the body of a response.
     *
     * @throws dev.cairn.CairnException when it is not a JSON object
     */
    static JsonNode object(byte[] body, Problems problems) {
        JsonNode object = read(body);
        if (!object.isObject()) {
            throw problems.notJson(body);
        }
        return object;
    }

    /** Reads a body; a missing node when it is not JSON. */
    static JsonNode read(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    /**
     * The message of an error body, or of a response's {@code error} field; empty if there is none.
     */
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
