package dev.cairn.text.completion;

import dev.cairn.config.SamplingParams;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoding settings of a request; the model decides what the request leaves open. In a stack
 * they apply only to the stage that writes the answer, because the others were trained with their
 * own settings. The seed applies to all stages.
 *
 * @param maxTokens maximum number of tokens to generate; 0 generates none; null leaves it to the
 *     model
 * @param sampling how tokens are chosen, as far as the request sets it
 * @param stop stop strings in addition to the model's own
 * @param ending how the text ends beside that
 */
public record DecodingRequest(
        @Nullable Integer maxTokens,
        SamplingParams.Overrides sampling,
        List<String> stop,
        Ending ending) {
    /** Leaves everything to the model. */
    public static final DecodingRequest NONE =
            new DecodingRequest(null, SamplingParams.Overrides.NONE, List.of());

    public DecodingRequest {
        stop = List.copyOf(stop);
    }

    /** A request whose text ends as usual. */
    public DecodingRequest(
            @Nullable Integer maxTokens, SamplingParams.Overrides sampling, List<String> stop) {
        this(maxTokens, sampling, stop, Ending.DEFAULT);
    }
}
