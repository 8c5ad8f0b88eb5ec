package dev.cairn.eval.run;

import org.jspecify.annotations.Nullable;

/**
 * What a system is made of and what it took to make it; null is not known.
 *
 * @param name how reports call it
 * @param totalParameters numbers in the base and all adapters
 * @param trainedParameters numbers in the adapters
 * @param trainingTokens tokens read to train the adapters
 * @param trainingSeconds time that took
 * @param isLocal whether it runs on this machine, so that its memory and processor time are known
 */
public record SystemFacts(
        String name,
        @Nullable Long totalParameters,
        @Nullable Long trainedParameters,
        @Nullable Long trainingTokens,
        @Nullable Double trainingSeconds,
        boolean isLocal) {}
