package dev.cairn.text.completion;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to write, as far as the request says; what is null is left to the model. In a stack it is
 * said to the stage that writes the answer, but for the seed, which all stages get: the others were
 * trained for, and are read with, the settings of their own.
 *
 * @param maxTokens the most tokens to write; 0 writes none
 * @param temperature 0 takes the most probable token
 * @param stop texts that end the writing, beside those of the model
 */
public record DecodingRequest(
        @Nullable Integer maxTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Long seed,
        List<String> stop) {
    /** Leaves everything to the model. */
    public static final DecodingRequest AS_THE_MODEL_SAYS =
            new DecodingRequest(null, null, null, null, null, null, null, List.of());

    public DecodingRequest {
        stop = List.copyOf(stop);
    }
}
