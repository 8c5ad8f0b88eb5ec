package dev.cairn.eval;

import dev.cairn.text.StageTrace;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The mean cost of an answer, from the traces: sums over the stages, averaged over the answered
 * questions; 0 if there are none.
 *
 * @param promptTokens tokens read
 * @param completionTokens tokens written
 * @param millis milliseconds the models spent reading and writing
 */
public record Cost(double promptTokens, double completionTokens, double millis) {
    static Cost of(List<ItemResult> results) {
        List<ItemResult> answered = results.stream().filter(result -> !result.failed()).toList();
        return new Cost(
                mean(answered, trace -> trace.tokens().prompt()),
                mean(answered, trace -> trace.tokens().completion()),
                mean(
                        answered,
                        stage -> stage.timing().prefillMillis() + stage.timing().decodeMillis()));
    }

    Cost times(double factor) {
        return new Cost(promptTokens * factor, completionTokens * factor, millis * factor);
    }

    private static double mean(List<ItemResult> results, ToDoubleFunction<StageTrace> what) {
        return results.stream()
                .mapToDouble(result -> result.stages().stream().mapToDouble(what).sum())
                .average()
                .orElse(0);
    }
}
