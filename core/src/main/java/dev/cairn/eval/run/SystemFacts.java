package dev.cairn.eval.run;

import org.jspecify.annotations.Nullable;

/**
 * The size of a system and the cost of its training. Null where unknown.
 *
 * @param name its name in reports
 * @param totalParameters parameters of the base and all adapters
 * @param trainedParameters parameters of the adapters
 * @param trainingTokens tokens read to train the adapters
 * @param trainingSeconds duration of the training, in seconds
 * @param isLocal whether it runs on this machine, so that its memory and processor time are known
 */
public record SystemFacts(
        String name,
        @Nullable Long totalParameters,
        @Nullable Long trainedParameters,
        @Nullable Long trainingTokens,
        @Nullable Double trainingSeconds,
        boolean isLocal) {}
