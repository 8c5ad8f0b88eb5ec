package dev.cairn.text;

/**
 * How the next token is chosen, as the trace reports it.
 *
 * @param temperature 0 means greedy: always the most probable token
 * @param topK keep the k most probable tokens; 0 keeps all
 * @param topP keep the smallest set of tokens whose probabilities add up to at least this; 1 keeps
 *     all
 * @param minP drop tokens less probable than this share of the most probable one; 0 drops none
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens already
 *     present; 1 changes nothing
 * @param seed makes sampling repeatable
 */
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        long seed) {}
