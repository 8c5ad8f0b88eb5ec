package dev.cairn.server.openai;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The fields that a completion and every chunk of a stream begin with.
 *
 * @param created seconds since 1970
 */
record ChunkHeader(String id, long created, String model) {
    static ChunkHeader of(ParsedRequest request) {
        return new ChunkHeader(
                request.format().idPrefix() + UUID.randomUUID().toString().replace("-", ""),
                Instant.now().getEpochSecond(),
                request.modelId());
    }

    /** A completion or a chunk, to which more fields may be added. */
    Map<String, @Nullable Object> json(String object, List<?> choices) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("object", object);
        json.put("created", created);
        json.put("model", model);
        json.put("choices", choices);
        return json;
    }
}
