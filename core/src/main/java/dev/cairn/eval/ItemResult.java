package dev.cairn.eval;

import dev.cairn.text.StageTrace;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One system's answer to one question.
 *
 * @param answer the system's answer, unchanged; empty if it failed
 * @param correct whether the answer matches the gold answer; false when it failed
 * @param error the message of the failure, or null when there was an answer
 * @param stages traces of the stages; empty if the system failed
 * @param millis wall-clock milliseconds from question to answer
 */
public record ItemResult(
        Item item,
        String answer,
        boolean correct,
        @Nullable String error,
        List<StageTrace> stages,
        double millis) {
    public ItemResult {
        stages = List.copyOf(stages);
    }

    /** Whether the system gave no answer at all. */
    public boolean failed() {
        return error != null;
    }

    /** The output of each stage, by its name; empty when the system failed. */
    public Map<String, String> texts() {
        return stages.stream().collect(Collectors.toMap(StageTrace::stage, StageTrace::output));
    }

    /** Whether the prompt of some stage was truncated. */
    public boolean truncated() {
        return stages.stream().anyMatch(stage -> stage.tokens().truncated() > 0);
    }
}
