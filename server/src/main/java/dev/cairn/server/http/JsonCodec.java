package dev.cairn.server.http;

import dev.cairn.support.BoundedJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the JSON of requests and writes that of responses. */
public final class JsonCodec {
    /** More than any request needs, and far too little to overflow a thread's stack. */
    private static final int MAX_DEPTH = 64;

    private static final int MAX_REASON_LENGTH = 200;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            BoundedJson.factory(MAX_DEPTH)
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private JsonCodec() {}

    /** An object of two fields, in this order. */
    public static Map<String, Object> object(
            String firstName, Object first, String secondName, Object second) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(firstName, first);
        json.put(secondName, second);
        return json;
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /**
     * Reads the body of a request, which is one object in UTF-8.
     *
     * @throws ApiException with status 400 when it is anything else
     */
    static JsonFields read(byte[] body) {
        JsonNode node;
        try {
            node = MAPPER.readTree(utf8(body));
        } catch (JacksonException e) {
            throw ApiException.badRequest(
                    null, "the body is not JSON" + location(e) + ": " + reason(e));
        }
        if (!(node instanceof ObjectNode object)) {
            throw ApiException.badRequest(
                    null, "the body: expected an object, found " + ErrorText.describe(node));
        }
        return new JsonFields(object, "");
    }

    private static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest(null, "the body is not UTF-8; send JSON in UTF-8");
        }
    }

    private static String location(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : ", line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** Jackson's reason alone: its whole message names classes and quotes the body. */
    private static String reason(JacksonException e) {
        String line = e.getOriginalMessage().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > MAX_REASON_LENGTH
                ? line.substring(0, MAX_REASON_LENGTH) + "..."
                : line;
    }
}
