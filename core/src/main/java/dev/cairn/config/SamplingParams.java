package dev.cairn.config;

import dev.cairn.CairnException;
import org.jspecify.annotations.Nullable;

/**
 * Settings that decide how the next token is chosen.
 *
 * @param temperature divides the logits; 0 means greedy: always the most probable token
 * @param topK keep the k most probable tokens; 0 keeps all
 * @param topP keep the smallest set of tokens whose probabilities add up to at least this; 1 keeps
 *     all
 * @param minP drop tokens less probable than this share of the most probable one; 0 drops none
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens already
 *     present; 1 changes nothing
 * @param seed makes sampling repeatable
 */
public record SamplingParams(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        long seed) {
    /** Always chooses the most probable token and filters nothing. */
    public static final SamplingParams GREEDY = new SamplingParams(0, 0, 1, 0, 1, 0);

    /**
     * @throws CairnException naming the setting that is out of range
     */
    public SamplingParams {
        check(temperature >= 0 && temperature <= 100, "temperature", "0 to 100", temperature);
        check(topK >= 0, "top_k", "0 or more", topK);
        check(topP > 0 && topP <= 1, "top_p", "above 0 and at most 1", topP);
        check(minP >= 0 && minP <= 1, "min_p", "0 to 1", minP);
        check(
                repetitionPenalty > 0 && repetitionPenalty <= 100,
                "repetition_penalty",
                "above 0 and at most 100",
                repetitionPenalty);
    }

    /** The same with another seed. */
    public SamplingParams withSeed(long other) {
        return new SamplingParams(temperature, topK, topP, minP, repetitionPenalty, other);
    }

    /** The condition is written so that NaN fails it. */
    private static void check(boolean valid, String name, String expected, Number found) {
        if (!valid) {
            throw new CairnException(name + ": expected " + expected + ", found " + found);
        }
    }

    /**
     * The sampling settings that a request changes; null leaves a setting as it is. The components
     * are those of {@link SamplingParams}.
     */
    public record Overrides(
            @Nullable Double temperature,
            @Nullable Integer topK,
            @Nullable Double topP,
            @Nullable Double minP,
            @Nullable Double repetitionPenalty,
            @Nullable Long seed) {
        /** Changes nothing. */
        public static final Overrides NONE = new Overrides(null, null, null, null, null, null);

        /**
         * The given settings with these changes.
         *
         * @throws CairnException naming the setting that is out of range
         */
        public SamplingParams over(SamplingParams params) {
            return new SamplingParams(
                    or(temperature, params.temperature),
                    or(topK, params.topK),
                    or(topP, params.topP),
                    or(minP, params.minP),
                    or(repetitionPenalty, params.repetitionPenalty),
                    or(seed, params.seed));
        }

        private static <T> T or(@Nullable T asked, T own) {
            return asked == null ? own : asked;
        }
    }
}
