package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.LogSumExp;

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
        float max = logits[argMax(logits)];
        return (double) logits[token] - max - LogSumExp.aboveMax(logits, max);
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
        int best = LogSumExp.argMax(logits);
        if (best < 0) {
            throw broken(logits);
        }
        return best;
    }

    private static CairnException broken(float[] logits) {
        int token = 0;
        while (Float.isFinite(logits[token])) {
            token++;
        }
        return new CairnException(
                "the model's logit of token %d is %s; its weights or its inputs are broken"
                        .formatted(token, logits[token]));
    }
}
