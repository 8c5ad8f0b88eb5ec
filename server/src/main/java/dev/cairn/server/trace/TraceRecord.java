package dev.cairn.server.trace;

import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A completion with its trace.
 *
 * @param model id of the model
 * @param started time of the request to the model
 * @param millis milliseconds until the completion was finished
 * @param input the prompt; for a conversation, the text of all its messages
 * @param set texts of stages that the request set, by name
 * @param answer the completion's text
 * @param stages traces of the stages, in the order they ran
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
