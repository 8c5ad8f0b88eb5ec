package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Attention;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A causal language model: token ids in, hidden states out. It knows no text. */
public interface CausalLm {
    ModelConfig config();

    Kernels kernels();

    /** The first layer's attention; the heads of all others are the same. */
    Attention.Shape attention();

    /**
     * Runs the forward pass over a batch.
     *
     * @param cache receives the keys and values of the batch, which must then be the next tokens of
     *     one sequence; no backward pass is possible. Null in training
     */
    default Forward forward(ForwardContext pass, TokenBatch batch, @Nullable KvCache cache) {
        return forwardAll(pass, batch, cache == null ? List.of() : List.of(cache));
    }

    /**
     * Runs the forward pass over a batch of several sequences.
     *
     * @param caches one for each span of the batch, which must then be the next tokens of its
     *     sequence; no backward pass is possible. Empty in training
     */
    Forward forwardAll(ForwardContext pass, TokenBatch batch, List<KvCache> caches);

    /** A completed forward pass, which can run backward. */
    interface Forward {
        /**
         * Hidden states after the last norm, {@code [T, hiddenSize]}: the input of the head. Only
         * the batch's wanted rows, if it names any.
         */
        Tensor hidden();

        /**
         * Runs the backward pass and adds the gradients to all trained weights.
         *
         * @param dHidden gradient of {@link #hidden()}
         */
        void backward(Tensor dHidden);
    }

    /**
     * The output layer, which turns hidden states into logits; its weight is {@code [vocabulary,
     * hidden]}.
     */
    Linear head();

    /** Linear layers an adapter can change, in order; the head is not among them. */
    List<Linear> linears();

    /** All weights, in order; a head tied to the embedding appears once. */
    List<Parameter> parameters();

    /**
     * Lets heads of the first layer begin as heads that look back: the first by one token, the
     * second by two, and so on. For a fresh model that is going to be trained.
     *
     * @param heads how many
     * @throws dev.cairn.CairnException if the architecture is not GPT-NeoX with biases and
     *     rotation, or has not as many heads; names the setting {@code previous_token_heads}
     */
    void lookBack(int heads);

    /**
     * A model that shares the values of all weights and has gradients of its own, for training on
     * parts of a batch side by side.
     */
    CausalLm replica();

    /**
     * In how many replicas a model is trained: up to eight, as long as all gradients together take
     * no more than a quarter of a gigabyte. The products of larger models keep all threads busy.
     *
     * @param parameters number of trained values
     */
    static int replicas(long parameters) {
        return Math.clamp((1L << 26) / Math.max(1, parameters), 1, 8);
    }

    /** Allocates an empty cache for one sequence of at most {@code capacity} tokens. */
    KvCache newCache(int capacity);

    /** Buffers that finished sequences left for later ones. */
    BufferPool bufferPool();

    /** The size in bytes of a cache for {@code capacity} tokens. */
    long cacheBytes(int capacity);
}
