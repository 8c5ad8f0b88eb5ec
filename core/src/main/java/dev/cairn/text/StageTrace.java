package dev.cairn.text;

import dev.cairn.config.SamplingParams;
import java.util.List;

/**
 * The trace of one stage: its prompt, its output, the probabilities and the time it took.
 *
 * @param identity who wrote
 * @param prompt the rendered prompt, as the model read it
 * @param output the text that the stage passed on
 * @param finishReason why it stopped
 * @param tokens how much was read and written, and how probable it was
 * @param timing how long it took
 * @param sampling how tokens were chosen
 */
public record StageTrace(
        Identity identity,
        String prompt,
        String output,
        FinishReason finishReason,
        Tokens tokens,
        Timing timing,
        SamplingParams sampling) {

    /**
     * Who wrote.
     *
     * @param stack name of the stack
     * @param stage name of the stage
     * @param base the base model the stage runs on
     * @param adapterDigest SHA-256 of the adapter's weights in hex; {@code "none"} without an
     *     adapter; if it is unknown, a text that says why
     */
    public record Identity(String stack, String stage, String base, String adapterDigest) {}

    /**
     * How much was read and written.
     *
     * @param prompt tokens of the prompt the model read
     * @param truncated tokens cut from the prompt's beginning because it did not fit the window
     * @param completion tokens generated, the end-of-text token included
     * @param texts what each generated token added to the text, in order; empty if unknown
     * @param logprobs natural log-probability of each generated token under the model, before any
     *     sampling setting is applied
     */
    public record Tokens(
            int prompt, int truncated, int completion, List<String> texts, List<Double> logprobs) {
        /** Nothing was read or written. */
        public static final Tokens NONE = new Tokens(0, 0, 0, List.of(), List.of());

        public Tokens {
            texts = List.copyOf(texts);
            logprobs = List.copyOf(logprobs);
        }
    }

    /**
     * How long it took.
     *
     * @param prefillMillis milliseconds spent reading the prompt
     * @param decodeMillis milliseconds spent writing
     */
    public record Timing(double prefillMillis, double decodeMillis) {
        /** No time passed. */
        public static final Timing NONE = new Timing(0, 0);
    }

    /** Name of the stage. */
    public String stage() {
        return identity.stage();
    }

    /** Mean log-probability of the generated tokens; 0 when nothing was generated. */
    public double meanLogprob() {
        return tokens.logprobs().stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
