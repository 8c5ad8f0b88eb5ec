package dev.cairn.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON as it comes in and goes out. */
public final class JsonCodec {
    /** Deeper than any request is, and far from the end of a stack. */
    private static final int DEEPEST = 64;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxNestingDepth(DEEPEST)
                                                    .build())
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private JsonCodec() {}

    /** An object of two fields, in this order. */
    public static Map<String, Object> object(String first, Object a, String second, Object b) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put(first, a);
        json.put(second, b);
        return json;
    }

    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /** Reads the body of a request, which is one object in UTF-8. */
    static JsonFields read(byte[] body) {
        JsonNode node;
        try {
            node = MAPPER.readTree(utf8(body));
        } catch (JacksonException e) {
            throw ApiException.badRequest(null, "the body is not JSON" + place(e) + ": " + reason(e));
        }
        if (!(node instanceof ObjectNode object)) {
            throw ApiException.badRequest(null, "the body: expected an object, found " + ErrorText.in(node));
        }
        return JsonFields.of(object);
    }

    private static String utf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw ApiException.badRequest(null, "the body is not UTF-8; send JSON in UTF-8");
        }
    }

    private static String place(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? ""
                : ", line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** The reason alone; the whole message names classes and shows the text around the place. */
    private static String reason(JacksonException e) {
        String line = e.getOriginalMessage().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 200 ? line.substring(0, 200) + "..." : line;
    }
}
