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

    /** The heads of every layer's attention. */
    Attention.Shape attention();

    /**
     * Reads a batch.
     *
     * @param cache receives the keys and values of the batch, which then must be the next tokens of
     *     one sequence, and there is no way back; null in training
     */
    default Forward forward(ForwardContext pass, TokenBatch batch, @Nullable KvCache cache) {
        return forwardAll(pass, batch, cache == null ? List.of() : List.of(cache));
    }

    /**
     * Reads a batch.
     *
     * @param caches one for each span of the batch, which then must be the next tokens of its
     *     sequence, and there is no way back; none in training
     */
    Forward forwardAll(ForwardContext pass, TokenBatch batch, List<KvCache> caches);

    /** The way through the model that was taken, and back. */
    interface Forward {
        /**
         * Hidden states after the last norm, {@code [T, hiddenSize]}: what the head reads. Of the
         * batch's wanted rows only, if it names some.
         */
        Tensor hidden();

        /**
         * Adds the gradients of all trained weights.
         *
         * @param dHidden gradient of {@link #hidden()}
         */
        void backward(Tensor dHidden);
    }

    /** The output layer: hidden state to logits, {@code [vocabulary, hidden]}. */
    Linear head();

    /** Linear layers an adapter can change, in order; the head is not among them. */
    List<Linear> linears();

    /** All weights, in order; a head tied to the embedding appears once. */
    List<Parameter> parameters();

    /** An empty cache for one sequence of at most {@code capacity} tokens, of its own memory. */
    KvCache newCache(int capacity);

    /** What sequences that ended left to the next ones. */
    BufferPool bufferPool();

    /** The memory such a cache takes. */
    long cacheBytes(int capacity);
}
