package dev.cairn.recipe.parts;

import dev.cairn.stack.config.StackConfig;
import dev.cairn.train.StepLog;
import dev.cairn.train.TrainLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the adapters of a stack took to train, as their logs tell it.
 *
 * @param tokens read, in all steps
 * @param seconds of all steps
 */
public record TrainingCost(long tokens, double seconds) {
    /**
     * Adds up the logs; empty when an adapter has none, nothing for a stack without adapters.
     *
     * @param output where trained adapters are, one folder per stage
     */
    public static Optional<TrainingCost> of(StackConfig stack, Path output) {
        List<Path> adapters =
                stack.stages().stream()
                        .map(stage -> stack.adapterDirectory(stage, output))
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList();
        long tokens = 0;
        double seconds = 0;
        for (Path adapter : adapters) {
            List<StepLog> log = TrainLog.read(adapter);
            if (log.isEmpty()) {
                return Optional.empty();
            }
            tokens += log.stream().mapToLong(StepLog::tokens).sum();
            seconds += log.stream().mapToDouble(StepLog::seconds).sum();
        }
        return Optional.of(new TrainingCost(tokens, seconds));
    }
}
