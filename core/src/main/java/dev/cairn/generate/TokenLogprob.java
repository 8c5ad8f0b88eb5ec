package dev.cairn.generate;

/**
 * A token and how probable it is.
 *
 * @param logprob natural log-probability under the model, before any sampling setting
 */
public record TokenLogprob(int token, double logprob) {}
