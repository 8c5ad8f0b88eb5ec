package dev.cairn.server.trace;

import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer with all that led to it.
 *
 * @param model id of the model that was asked
 * @param started when its work on the answer began
 * @param millis milliseconds until it was done
 * @param input what was asked; of a conversation the text of all turns
 * @param set texts of stages that the request gave, by name
 * @param answer what was answered
 * @param stages what each stage was asked and said, in order
 */
public record TraceRecord(
        String model,
        Instant started,
        double millis,
        String input,
        Map<String, String> set,
        String answer,
        FinishReason finishReason,
        List<StageTrace> stages) {
    public TraceRecord {
        set = Collections.unmodifiableMap(new LinkedHashMap<>(set));
        stages = List.copyOf(stages);
    }
}
