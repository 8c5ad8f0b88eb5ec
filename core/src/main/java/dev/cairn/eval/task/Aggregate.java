package dev.cairn.eval.task;

import java.util.Collection;

/**
 * A metric over many items, aggregated as in lm-evaluation-harness.
 *
 * @param items number of items that have the metric
 * @param mean their mean; NaN without items
 * @param stderr standard error of the mean: the sample standard deviation (divisor n - 1) over the
 *     square root of n; NaN below two items
 */
public record Aggregate(int items, double mean, double stderr) {
    /** Aggregates one value per item. */
    public static Aggregate of(Collection<Double> values) {
        int n = values.size();
        double mean = values.stream().mapToDouble(v -> v).sum() / n;
        double squares = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return new Aggregate(n, mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }
}
