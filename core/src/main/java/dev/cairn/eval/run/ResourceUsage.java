package dev.cairn.eval.run;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The costs of a system, in training and per item. Null where unknown.
 *
 * @param system its name
 * @param totalParameters parameters of the base and all adapters
 * @param trainedParameters parameters of the adapters
 * @param trainingTokens tokens read to train the adapters
 * @param trainingSeconds duration of the training, in seconds
 * @param peakMemoryBytes peak memory of the process that wrote the results
 * @param meanMillis mean wall-clock milliseconds per item
 * @param meanPromptTokens mean tokens per item read by all stages
 * @param meanCompletionTokens mean tokens per item written by all stages
 * @param cpuSeconds processor time of all items on this machine
 */
public record ResourceUsage(
        String system,
        @Nullable Long totalParameters,
        @Nullable Long trainedParameters,
        @Nullable Long trainingTokens,
        @Nullable Double trainingSeconds,
        @Nullable Long peakMemoryBytes,
        double meanMillis,
        double meanPromptTokens,
        double meanCompletionTokens,
        @Nullable Double cpuSeconds) {
    private static final double MILLIS_PER_SECOND = 1e3;

    static ResourceUsage of(
            SystemFacts system, List<TaskOutcome> tasks, @Nullable Long peakMemoryBytes) {
        List<Effort> efforts =
                tasks.stream().flatMap(t -> t.samples().stream()).map(Sample::effort).toList();
        double cpuMillis = efforts.stream().mapToDouble(Effort::cpuMillis).sum();
        return new ResourceUsage(
                system.name(),
                system.totalParameters(),
                system.trainedParameters(),
                system.trainingTokens(),
                system.trainingSeconds(),
                system.isLocal() ? peakMemoryBytes : null,
                mean(efforts, Effort::millis),
                mean(efforts, Effort::promptTokens),
                mean(efforts, Effort::completionTokens),
                system.isLocal() ? cpuMillis / MILLIS_PER_SECOND : null);
    }

    private static double mean(List<Effort> efforts, ToDoubleFunction<Effort> what) {
        return efforts.stream().mapToDouble(what).average().orElse(0);
    }
}
