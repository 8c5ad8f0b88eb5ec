package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Kernels;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Keys and values of the tokens of one sequence that a model has read already, layer by layer. */
public final class KvCache {
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final int headDim;
    private final int capacity;
    private int length;

    /**
     * @param capacity the most tokens it can hold
     */
    KvCache(Kernels kernels, int layers, int kvHeads, int headDim, int capacity) {
        this.headDim = headDim;
        this.capacity = capacity;
        for (int layer = 0; layer < layers; layer++) {
            keys.add(kernels.zeros(capacity, kvHeads * headDim));
            values.add(kernels.zeros(capacity, kvHeads * headDim));
        }
    }

    /** Tokens read so far. */
    public int length() {
        return length;
    }

    /** Memory of the whole cache, full or not. */
    long byteSize() {
        return keys.stream().mapToLong(k -> 2L * Float.BYTES * k.rows() * k.cols()).sum();
    }

    Heads keys(int layer) {
        return new Heads(keys.get(layer), 0, headDim);
    }

    Heads values(int layer) {
        return new Heads(values.get(layer), 0, headDim);
    }

    /** Refuses what does not fit, before anything is written. */
    void reserve(TokenBatch batch) {
        int tokens = batch.ids().length;
        if (!batch.spans().equals(List.of(new Span(0, tokens, 0, length + tokens)))) {
            throw new IllegalArgumentException(
                    "not the tokens that follow %d in a cache: %s"
                            .formatted(length, batch.spans()));
        }
        if (length + tokens > capacity) {
            throw new CairnException(
                    "a sequence of %d tokens does not fit a cache of %d; shorten the input"
                            .formatted(length + tokens, capacity));
        }
    }

    /** Called when all layers have written their rows. */
    void advance(int tokens) {
        length += tokens;
    }
}
