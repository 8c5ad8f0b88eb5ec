package dev.cairn.model;

import dev.cairn.CairnException;

/** Probabilities of tokens from logits, in double precision. */
public final class LogProbs {
    private LogProbs() {}

    /**
     * Natural log-probability of one token: {@code logits[token] - log Σ exp(logits)}, with the
     * largest logit taken out first so that nothing overflows.
     *
     * @param logits [vocabSize], before any sampling setting
     * @throws CairnException if a logit is NaN or infinite
     */
    public static double of(float[] logits, int token) {
        double max = logits[argMax(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - max);
        }
        return logits[token] - max - StrictMath.log(sum);
    }

    /**
     * The most probable token; of several, the one with the lowest id.
     *
     * @param logits [vocabSize]
     * @throws CairnException if a logit is NaN or infinite
     */
    public static int argMax(float[] logits) {
        if (logits.length == 0) {
            throw new IllegalArgumentException("no logits");
        }
        int best = 0;
        for (int token = 0; token < logits.length; token++) {
            if (!Float.isFinite(logits[token])) {
                throw new CairnException(
                        "the model's logit of token %d is %s; its weights or its inputs are broken"
                                .formatted(token, logits[token]));
            }
            if (logits[token] > logits[best]) {
                best = token;
            }
        }
        return best;
    }
}
