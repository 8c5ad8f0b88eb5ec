package dev.cairn.generate;

import dev.cairn.config.SamplingParams;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Chooses the next token from logits, in the order of Hugging Face transformers
 * (GenerationMixin._get_logits_processor): repetition penalty, temperature, top-k, top-p, min-p.
 * Each filter sees the distribution that the previous one left. Where transformers lets ties widen
 * top-k, this sampler keeps exactly k tokens, those with the lowest ids.
 *
 * <p>The same settings and logits give the same tokens on every machine: exponentials come from
 * {@link StrictMath}, random numbers from {@link SplittableRandom}. Not thread-safe.
 */
public final class Sampler {
    private final SamplingParams settings;
    private final SplittableRandom random;

    private Sampler(SamplingParams settings) {
        this.settings = settings;
        this.random = new SplittableRandom(settings.seed());
    }

    public static Sampler of(SamplingParams settings) {
        return new Sampler(settings);
    }

    /**
     * Chooses the next token.
     *
     * @param logits {@code [vocabSize]}; not modified
     * @param previousTokens the tokens that the repetition penalty applies to, once each regardless
     *     of how often they occur
     * @return its id
     * @throws dev.cairn.CairnException if a logit is NaN or infinite
     */
    public int next(float[] logits, int[] previousTokens) {
        return next(logits, previousTokens, previousTokens.length);
    }

    /** Like {@link #next(float[], int[])}, with only the first {@code count} previous tokens. */
    int next(float[] logits, int[] previousTokens, int count) {
        int mostProbable = LogProbs.argMax(logits);
        if (settings.repetitionPenalty() == 1) {
            return settings.temperature() == 0 ? mostProbable : draw(logits, logits[mostProbable]);
        }
        float[] penalized = penalize(logits, previousTokens, count);
        int best = LogProbs.argMax(penalized);
        return settings.temperature() == 0 ? best : draw(penalized, penalized[best]);
    }

    /**
     * Repetition penalty of Keskar et al. 2019 (CTRL), section 4.1, with the sign rule of
     * transformers.
     */
    private float[] penalize(float[] logits, int[] previousTokens, int count) {
        float[] penalized = logits.clone();
        for (int i = 0; i < count; i++) {
            int token = previousTokens[i];
            double logit = logits[token];
            double penalty = settings.repetitionPenalty();
            double changed = logit < 0 ? logit * penalty : logit / penalty;
            penalized[token] =
                    (float) Math.clamp(changed, (double) -Float.MAX_VALUE, Float.MAX_VALUE);
        }
        return penalized;
    }

    private int draw(float[] logits, float max) {
        boolean isRanked = settings.topK() > 0 || settings.topP() < 1;
        int[] tokens = isRanked ? mostProbableFirst(logits) : allTokens(logits.length);
        if (settings.topK() > 0 && settings.topK() < tokens.length) {
            tokens = Arrays.copyOf(tokens, settings.topK());
        }
        double[] weights = weights(logits, max, tokens);
        int kept = settings.topP() < 1 ? withinTopP(weights) : tokens.length;
        dropBelowMinP(weights);
        return tokens[drawIndex(weights, kept)];
    }

    /** exp((logit - max) / temperature): probabilities up to a common factor, the largest is 1. */
    private double[] weights(float[] logits, float max, int[] tokens) {
        double[] weights = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            double distance = (double) logits[tokens[i]] - max;
            weights[i] = StrictMath.exp(distance / settings.temperature());
        }
        return weights;
    }

    /** How many of the leading weights it takes to reach the fraction topP of the total. */
    private int withinTopP(double[] weights) {
        double enough = sum(weights, weights.length) * settings.topP();
        double reached = 0;
        for (int i = 0; i < weights.length; i++) {
            reached += weights[i];
            if (reached >= enough) {
                return i + 1;
            }
        }
        return weights.length;
    }

    /** The most probable token has weight 1 and survives every filter, so minP is the threshold. */
    private void dropBelowMinP(double[] weights) {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] < settings.minP()) {
                weights[i] = 0;
            }
        }
    }

    private int drawIndex(double[] weights, int kept) {
        double target = random.nextDouble() * sum(weights, kept);
        double reached = 0;
        int last = 0;
        for (int i = 0; i < kept; i++) {
            if (weights[i] > 0) {
                last = i;
            }
            reached += weights[i];
            if (target < reached) {
                return i;
            }
        }
        // Rounding can raise the target to the full sum.
        return last;
    }

    private static double sum(double[] weights, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        return sum;
    }

    private static int[] allTokens(int vocabSize) {
        int[] tokens = new int[vocabSize];
        Arrays.setAll(tokens, token -> token);
        return tokens;
    }

    /** Tokens in order of decreasing logit, ties by increasing id; sorted as packed longs. */
    private static int[] mostProbableFirst(float[] logits) {
        long[] keys = new long[logits.length];
        for (int token = 0; token < keys.length; token++) {
            // Adding 0 turns -0 into 0, which must rank equally.
            int bits = Float.floatToIntBits(logits[token] + 0f);
            int rising = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
            keys[token] = ((long) ~rising << 32) | token;
        }
        Arrays.sort(keys);
        int[] tokens = new int[keys.length];
        Arrays.setAll(tokens, i -> (int) keys[i]);
        return tokens;
    }
}
