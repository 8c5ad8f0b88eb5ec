package dev.cairn.recipe.parts;

import dev.cairn.stack.config.StackConfig;
import dev.cairn.train.StepLog;
import dev.cairn.train.TrainLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The training cost of a stack's adapters, from their logs.
 *
 * @param tokens tokens read in all steps
 * @param seconds duration of all steps
 */
public record TrainingCost(long tokens, double seconds) {
    /**
     * Adds up the logs; empty if an adapter has no log, zero for a stack without adapters.
     *
     * @param output folder of the trained adapters, one subfolder per stage
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
