package dev.cairn.generate;

/**
 * A token with its log-probability.
 *
 * @param logprob natural log-probability under the model, before any sampling setting is applied
 */
public record TokenLogprob(int token, double logprob) {}
