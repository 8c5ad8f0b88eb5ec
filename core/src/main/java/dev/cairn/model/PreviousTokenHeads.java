package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;

/**
 * Lets heads of a GPT-NeoX model's first layer begin as what copying needs first: the first head
 * looks at the token before, the second at the one before that, and so on. Pre-training otherwise
 * finds such heads late (Olsson et al. 2022, "In-context Learning and Induction Heads").
 *
 * <p>Only biases of queries and keys are set. Every key is the same vector, and every query is that
 * vector turned back by the rotation of so many positions: of all distances the dot product is
 * largest at that one.
 */
final class PreviousTokenHeads {
    /** The fastest pairs tell near distances apart; with fewer, far ones look like near ones. */
    private static final int PAIRS = 8;

    /** What each pair adds to the score at the right distance, before the softmax. */
    private static final double SCORE = 6.4;

    private PreviousTokenHeads() {}

    /**
     * @param model fresh, of this configuration
     * @param heads how many heads of the first layer
     * @throws CairnException if the model has not as many heads, or no biases or rotation to set
     */
    static void write(GptNeoXConfig config, CausalLm model, int heads) {
        Parameter bias = model.linears().getFirst().bias();
        if (bias == null || config.rotaryDims() == 0) {
            throw new CairnException(
                    "previous_token_heads: needs attention_bias and a rotary_pct above 0");
        }
        if (heads > config.shape().heads()) {
            throw new CairnException(
                    "previous_token_heads: expected at most num_attention_heads, %d, found %d"
                            .formatted(config.shape().heads(), heads));
        }
        write(config, bias.value(), heads);
    }

    private static void write(GptNeoXConfig config, Tensor queryKeyValueBias, int heads) {
        int headDim = config.shape().headDim();
        int half = config.rotaryDims() / 2;
        float[] frequencies = config.rope().frequencies(config.rotaryDims());
        double length = Math.sqrt(SCORE * Math.sqrt(headDim));
        for (int head = 0; head < heads; head++) {
            int query = head * 3 * headDim;
            for (int pair = 0; pair < Math.min(PAIRS, half); pair++) {
                double angle = -(head + 1) * (double) frequencies[pair];
                queryKeyValueBias.set(0, query + pair, length * Math.cos(angle));
                queryKeyValueBias.set(0, query + pair + half, length * Math.sin(angle));
                queryKeyValueBias.set(0, query + headDim + pair, length);
            }
        }
    }
}
