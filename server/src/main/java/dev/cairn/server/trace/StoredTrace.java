package dev.cairn.server.trace;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stored trace.
 *
 * @param set texts of stages that the request set, by name
 * @param finishReason in lower case
 * @param stages traces of the stages in order, in the format of {@link dev.cairn.text.TraceJson}
 * @param rating rating of the completion; null if it is not rated
 * @param stageRatings ratings of the rated stages, by name
 */
public record StoredTrace(
        String id,
        Instant created,
        String model,
        String input,
        Map<String, String> set,
        String answer,
        double millis,
        String finishReason,
        List<Map<String, @Nullable Object>> stages,
        @Nullable Rating rating,
        Map<String, Rating> stageRatings) {
    public StoredTrace {
        stageRatings = Map.copyOf(stageRatings);
    }

    /** The names of the stages, in order. */
    public List<String> stageNames() {
        return stages.stream().map(stage -> String.valueOf(stage.get("stage"))).toList();
    }
}
