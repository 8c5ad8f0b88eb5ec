package dev.cairn.eval.compare;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The size and the costs of a system; null where unknown.
 *
 * @param totalParameters parameters of all models and adapters used for an answer, each counted
 *     once
 * @param trainedParameters parameters of its adapters
 * @param trainingTokens tokens read in training, all stages and epochs together
 * @param trainingSeconds duration of all training steps
 * @param peakMemoryBytes peak resident memory of the answering process
 * @param meanMillis mean time from question to answer, in milliseconds
 * @param meanPromptTokens mean tokens read per answer, all stages together
 * @param meanCompletionTokens mean tokens written per answer
 * @param cpuSecondsPerAnswer mean processor time of the answering process
 */
public record Costs(
        @Nullable Double totalParameters,
        @Nullable Double trainedParameters,
        @Nullable Double trainingTokens,
        @Nullable Double trainingSeconds,
        @Nullable Double peakMemoryBytes,
        @Nullable Double meanMillis,
        @Nullable Double meanPromptTokens,
        @Nullable Double meanCompletionTokens,
        @Nullable Double cpuSecondsPerAnswer) {

    /**
     * Assumed power of one busy core of a server processor in watts, including its share of the
     * rest of the machine; accurate to a factor of two. All energy figures are estimates.
     */
    public static final double WATTS_PER_CORE = 10;

    /** Joules of an answer, estimated from processor time. */
    public @Nullable Double joulesPerAnswer() {
        return cpuSecondsPerAnswer == null ? null : cpuSecondsPerAnswer * WATTS_PER_CORE;
    }

    /** The means over several runs of one system; null where a run has no value. */
    static Costs mean(List<Costs> runs) {
        return new Costs(
                mean(runs, Costs::totalParameters),
                mean(runs, Costs::trainedParameters),
                mean(runs, Costs::trainingTokens),
                mean(runs, Costs::trainingSeconds),
                mean(runs, Costs::peakMemoryBytes),
                mean(runs, Costs::meanMillis),
                mean(runs, Costs::meanPromptTokens),
                mean(runs, Costs::meanCompletionTokens),
                mean(runs, Costs::cpuSecondsPerAnswer));
    }

    private static @Nullable Double mean(List<Costs> runs, Function<Costs, @Nullable Double> what) {
        List<Double> known = runs.stream().map(what).filter(Objects::nonNull).toList();
        return known.size() < runs.size()
                ? null
                : known.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
