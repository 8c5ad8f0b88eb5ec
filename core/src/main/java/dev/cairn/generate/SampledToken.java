package dev.cairn.generate;

import java.util.List;

/** A token that was chosen, and what the model might have written instead. */
public final class SampledToken {
    private final int token;
    private final double logprob;
    private final float[] logits;

    /**
     * @param logits [vocabSize], which nobody changes any more
     */
    SampledToken(int token, float[] logits) {
        this.token = token;
        this.logprob = LogProbs.of(logits, token);
        this.logits = logits;
    }

    public int token() {
        return token;
    }

    /** Its natural log-probability under the model, before any sampling setting. */
    public double logprob() {
        return logprob;
    }

    /**
     * The {@code n} most probable tokens, the most probable first; the chosen one is among them
     * only if it is one of these, and then with the very number of {@link #logprob}. Computed when
     * it is asked for.
     */
    public List<TokenLogprob> top(int n) {
        return LogProbs.top(logits, n);
    }
}
