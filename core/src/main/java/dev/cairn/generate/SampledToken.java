package dev.cairn.generate;

import java.util.List;

/** A sampled token, with the probabilities of its alternatives. */
public final class SampledToken {
    private final int token;
    private final double logprob;
    private final float[] logits;

    /**
     * @param logits {@code [vocabSize]}; must not be modified as long as {@link #top} may be called
     */
    SampledToken(int token, float[] logits) {
        this.token = token;
        this.logprob = LogProbs.of(logits, token);
        this.logits = logits;
    }

    public int token() {
        return token;
    }

    /** Its natural log-probability under the model, before any sampling setting is applied. */
    public double logprob() {
        return logprob;
    }

    /**
     * The {@code n} most probable tokens, most probable first, computed on demand: ask before the
     * listener that received the token returns. If the sampled token is among them, its value
     * equals {@link #logprob} exactly.
     */
    public List<TokenLogprob> top(int n) {
        return LogProbs.top(logits, n);
    }
}
