package dev.cairn.text;

import java.util.List;

/**
 * What one stage was asked, what it said, how sure it was and how long it took.
 *
 * @param stack name of the stack
 * @param stage name of the stage
 * @param base the base model the stage runs on
 * @param adapterDigest SHA-256 of the adapter's weights in hex, or {@code "none"} without adapter,
 *     or words that say why it is not known
 * @param prompt the rendered prompt, as the model read it
 * @param output what the stage handed on
 * @param finishReason why it stopped
 * @param promptTokens tokens of the prompt the model read
 * @param truncatedTokens tokens cut from the prompt's beginning because it did not fit the window
 * @param completionTokens tokens generated, the end-of-text token included
 * @param tokens what each generated token added to the text, in order; empty where it is not known
 * @param tokenLogprobs natural log-probability of each generated token under the model, before any
 *     sampling setting is applied
 * @param prefillMillis milliseconds spent reading the prompt
 * @param decodeMillis milliseconds spent writing
 * @param sampling the sampler's settings
 */
public record StageTrace(
        String stack,
        String stage,
        String base,
        String adapterDigest,
        String prompt,
        String output,
        FinishReason finishReason,
        int promptTokens,
        int truncatedTokens,
        int completionTokens,
        List<String> tokens,
        List<Double> tokenLogprobs,
        double prefillMillis,
        double decodeMillis,
        Sampling sampling) {
    public StageTrace {
        tokens = List.copyOf(tokens);
        tokenLogprobs = List.copyOf(tokenLogprobs);
    }

    /** Mean of {@link #tokenLogprobs}; 0 when nothing was generated. */
    public double meanLogprob() {
        return tokenLogprobs.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
