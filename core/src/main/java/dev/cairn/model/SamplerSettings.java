package dev.cairn.model;

import dev.cairn.CairnException;

/**
 * How the next token is chosen.
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
public record SamplerSettings(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        long seed) {
    /**
     * @throws CairnException naming the setting that is out of range
     */
    public SamplerSettings {
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

    /** Always the most probable token, nothing filtered. */
    public static SamplerSettings greedy() {
        return new SamplerSettings(0, 0, 1, 0, 1, 0);
    }

    public boolean isGreedy() {
        return temperature == 0;
    }

    /** The condition is written so that NaN fails it. */
    private static void check(boolean valid, String name, String expected, Number found) {
        if (!valid) {
            throw new CairnException(name + ": expected " + expected + ", found " + found);
        }
    }
}
