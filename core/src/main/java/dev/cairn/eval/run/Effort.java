package dev.cairn.eval.run;

import dev.cairn.text.StageTrace;
import java.util.List;

/**
 * The time and the tokens that an item took.
 *
 * @param millis wall-clock milliseconds
 * @param cpuMillis milliseconds of processor time on this machine
 * @param promptTokens tokens read by all stages; a context shared by several choices counts once, a
 *     choice not at all
 * @param completionTokens tokens written by all stages; scoring a choice writes none
 * @param truncatedTokens tokens that did not fit a window and were not read
 * @param stages traces of the stages; if the last stage scores choices, only of those before it
 */
public record Effort(
        double millis,
        double cpuMillis,
        int promptTokens,
        int completionTokens,
        int truncatedTokens,
        List<StageTrace> stages) {
    public Effort {
        stages = List.copyOf(stages);
    }
}
