package dev.cairn.recipe.bench;

import java.util.List;

/**
 * What was measured of one kind of work.
 *
 * @param name as llama-bench names it, such as {@code pp512} or {@code tg128}
 * @param promptTokens tokens read in each repetition
 * @param newTokens tokens written in each repetition, by all sequences together
 * @param parallel sequences at once
 * @param rates tokens per second of each repetition
 */
public record BenchTest(
        String name, int promptTokens, int newTokens, int parallel, List<Double> rates) {
    public BenchTest {
        rates = List.copyOf(rates);
    }

    /** The mean rate, in tokens per second. */
    public double mean() {
        return rates.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }

    /** The sample standard deviation of the rates; 0 for a single one. */
    public double deviation() {
        if (rates.size() < 2) {
            return 0;
        }
        double mean = mean();
        double squares = rates.stream().mapToDouble(r -> (r - mean) * (r - mean)).sum();
        return Math.sqrt(squares / (rates.size() - 1));
    }
}
