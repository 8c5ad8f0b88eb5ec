package dev.cairn.server.trace;

import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A completion, and how it came about.
 *
 * @param model id of the model
 * @param started when the model was asked
 * @param millis milliseconds until the completion was finished
 * @param input the prompt; of a conversation, the text of all its messages
 * @param set texts of stages that the request set, by name
 * @param answer the completion's text
 * @param stages in the order they ran
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
