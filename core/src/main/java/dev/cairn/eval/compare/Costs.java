package dev.cairn.eval.compare;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a system is and costs; null where it is not known.
 *
 * @param totalParameters of the models and adapters that an answer goes through, each counted once
 * @param trainedParameters of its adapters
 * @param trainingTokens read and learnt in training, all stages and epochs together
 * @param trainingSeconds spent in training steps
 * @param peakMemoryBytes resident memory of the process that answered, at its highest
 * @param meanMillis from question to answer
 * @param meanPromptTokens read per answer, all stages together
 * @param meanCompletionTokens written per answer
 * @param cpuSecondsPerAnswer processor time of the process that answered
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
     * Watts of one busy core of a server processor, its share of the rest of the machine included:
     * an assumption, good to a factor of two. Energy is only ever an estimate here.
     */
    public static final double WATTS_PER_CORE = 10;

    /** Joules of an answer, estimated from processor time. */
    public @Nullable Double joulesPerAnswer() {
        return cpuSecondsPerAnswer == null ? null : cpuSecondsPerAnswer * WATTS_PER_CORE;
    }

    /** The means of several runs of one system; null where a run does not know. */
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
