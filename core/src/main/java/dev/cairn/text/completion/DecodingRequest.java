package dev.cairn.text.completion;

import dev.cairn.config.SamplingParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to write, as far as the request says; what it leaves open is left to the model. In a stack
 * this is said to the stage that writes the answer, but for the seed, which all stages get: the
 * others were trained for, and are read with, the settings of their own.
 *
 * @param maxTokens the maximum number of tokens to write; 0 writes none; null leaves it to the
 *     model
 * @param sampling how tokens are chosen, where the request says so
 * @param stop texts that end the writing, beside those of the model
 */
public record DecodingRequest(
        @Nullable Integer maxTokens, SamplingParams.Overrides sampling, List<String> stop) {
    /** Leaves everything to the model. */
    public static final DecodingRequest NONE =
            new DecodingRequest(null, SamplingParams.Overrides.NONE, List.of());

    public DecodingRequest {
        stop = List.copyOf(stop);
    }
}
