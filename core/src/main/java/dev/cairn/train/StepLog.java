package dev.cairn.train;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the training log.
 *
 * @param step steps done
 * @param steps total number of steps
 * @param loss mean loss per predicted token of this step
 * @param learningRate learning rate of this step
 * @param gradNorm L2 norm of the gradient before clipping
 * @param tokens tokens read in this step
 * @param seconds duration of this step
 * @param valLoss mean loss per predicted token of the validation set; null when not measured
 * @param measures what the run's {@link Measure} found; empty when not measured
 */
public record StepLog(
        int step,
        int steps,
        double loss,
        double learningRate,
        double gradNorm,
        int tokens,
        double seconds,
        @Nullable Double valLoss,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> measures) {
    public StepLog {
        measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
    }
}
