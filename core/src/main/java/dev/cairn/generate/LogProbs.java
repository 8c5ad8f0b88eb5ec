package dev.cairn.generate;

import dev.cairn.CairnException;
import dev.cairn.tensor.LogSumExp;
import java.util.Arrays;
import java.util.List;

/** Log-probabilities of tokens, computed from logits in double precision. */
public final class LogProbs {
    private LogProbs() {}

    /**
     * Natural log-probability of one token: {@code logits[token] - log Σ exp(logits)}, with the
     * largest logit subtracted first so that nothing overflows.
     *
     * @param logits {@code [vocabSize]}, before any sampling setting is applied
     * @throws CairnException if a logit is NaN or infinite
     */
    public static double of(float[] logits, int token) {
        float max = logits[argMax(logits)];
        return (double) logits[token] - max - LogSumExp.aboveMax(logits, max);
    }

    /**
     * The most probable tokens with their log-probabilities, most probable first; ties by lowest
     * id.
     *
     * @param logits [vocabSize]
     * @param n how many tokens; fewer are returned when the vocabulary is smaller
     * @throws CairnException if a logit is NaN or infinite
     */
    static List<TokenLogprob> top(float[] logits, int n) {
        float max = logits[argMax(logits)];
        int[] best = best(logits, Math.min(n, logits.length));
        double above = best.length == 0 ? 0 : LogSumExp.aboveMax(logits, max);
        return Arrays.stream(best)
                .mapToObj(token -> new TokenLogprob(token, (double) logits[token] - max - above))
                .toList();
    }

    /**
     * The {@code n} best tokens by insertion into a sorted list: nearly every token ranks below its
     * last entry, so insertions are rare.
     */
    private static int[] best(float[] logits, int n) {
        int[] best = new int[n];
        int count = 0;
        for (int token = 0; token < logits.length && n > 0; token++) {
            if (count == n && logits[token] <= logits[best[n - 1]]) {
                continue;
            }
            int at = count < n ? count++ : n - 1;
            while (at > 0 && logits[best[at - 1]] < logits[token]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = token;
        }
        return best;
    }

    /**
     * The most probable token; ties by lowest id.
     *
     * @param logits [vocabSize]
     * @throws CairnException if a logit is NaN or infinite
     */
    public static int argMax(float[] logits) {
        if (logits.length == 0) {
            throw new IllegalArgumentException("expected at least one logit, found none");
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
