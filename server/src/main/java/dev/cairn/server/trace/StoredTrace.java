package dev.cairn.server.trace;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A trace as it was kept.
 *
 * @param set texts of stages that the request gave, by name
 * @param finishReason in small letters
 * @param stages a list of stages, each as {@link dev.cairn.text.TraceJson} writes it
 * @param mark of the answer; null when nobody marked it
 * @param stageMarks of the stages that somebody marked, by name
 */
public record StoredTrace(
        String id,
        Instant created,
        String model,
        String input,
        JsonNode set,
        String answer,
        double millis,
        String finishReason,
        JsonNode stages,
        @Nullable Rating mark,
        Map<String, Rating> stageMarks) {
    public StoredTrace {
        stageMarks = Map.copyOf(stageMarks);
    }
}
