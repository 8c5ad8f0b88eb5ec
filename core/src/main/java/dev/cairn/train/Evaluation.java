package dev.cairn.train;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was measured after a step.
 *
 * @param valLoss mean loss per predicted token of the validation set; null without one
 * @param measures what the run's {@link Measure} found
 */
record Evaluation(@Nullable Double valLoss, Map<String, Double> measures) {
    /** Of a step after which nothing is measured. */
    static final Evaluation NONE = new Evaluation(null, Map.of());

    /** The loss, where none is never the lowest. */
    double loss() {
        return valLoss == null ? Double.POSITIVE_INFINITY : valLoss;
    }

    /** The mean of the measures, where none is never the highest. */
    double mean() {
        return measures.values().stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(Double.NEGATIVE_INFINITY);
    }
}
