package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The key-value cache of one sequence: keys and values of the tokens read so far, for each layer.
 */
public final class KvCache {
    private final List<Tensor> keys;
    private final List<Tensor> values;
    private final Kernels kernels;
    private final int headDim;
    private final int capacity;
    private int length;

    /**
     * @param capacity maximum number of tokens
     */
    KvCache(Kernels kernels, int layers, int kvHeads, int headDim, int capacity) {
        this(
                zeros(kernels, layers, blocks(capacity), kvHeads * headDim * Heads.BLOCK),
                zeros(kernels, layers, capacity, kvHeads * headDim),
                kernels,
                headDim,
                capacity);
    }

    private KvCache(
            List<Tensor> keys, List<Tensor> values, Kernels kernels, int headDim, int capacity) {
        this.keys = keys;
        this.values = values;
        this.kernels = kernels;
        this.headDim = headDim;
        this.capacity = capacity;
    }

    private static List<Tensor> zeros(Kernels kernels, int layers, int rows, int cols) {
        return Stream.generate(() -> kernels.zeros(rows, cols)).limit(layers).toList();
    }

    /**
     * An empty cache in the same memory, for another sequence; this one must no longer be used.
     *
     * @param capacity at most {@link #room}
     */
    KvCache emptied(int capacity) {
        return new KvCache(keys, values, kernels, headDim, capacity);
    }

    /** Number of tokens that fit in the allocated memory. */
    int room() {
        return values.getFirst().rows();
    }

    /** Number of tokens read so far. */
    public int length() {
        return length;
    }

    /** Size in bytes of a cache of {@code capacity} tokens, without allocating it. */
    static long byteSize(int layers, int kvHeads, int headDim, int capacity) {
        long tokens = (long) blocks(capacity) * Heads.BLOCK + capacity;
        return Float.BYTES * tokens * layers * kvHeads * headDim;
    }

    /** Size in bytes of the whole cache, full or not. */
    long byteSize() {
        return bytes(keys) + bytes(values);
    }

    Heads keys(int layer) {
        return new Heads(keys.get(layer), 0, headDim, Heads.BLOCK);
    }

    Heads values(int layer) {
        return new Heads(values.get(layer), 0, headDim);
    }

    /** Checks that the tokens of a span fit, before anything is written. */
    void reserve(Span span) {
        int tokens = span.queryCount();
        if (span.keyStart() != 0 || span.keyCount() != length + tokens) {
            throw new IllegalArgumentException(
                    "expected the tokens that follow the %d in the cache, found %s"
                            .formatted(length, span));
        }
        if (length + tokens > capacity) {
            throw new CairnException(
                    "a sequence of %d tokens does not fit a cache of %d; shorten the input"
                            .formatted(length + tokens, capacity));
        }
    }

    /** An immutable copy of the keys and values of some tokens of a sequence, for each layer. */
    public record Segment(int tokens, List<Tensor> keys, List<Tensor> values) {
        public long byteSize() {
            return bytes(keys) + bytes(values);
        }
    }

    private static long bytes(List<Tensor> tensors) {
        return tensors.stream().mapToLong(t -> (long) Float.BYTES * t.rows() * t.cols()).sum();
    }

    /** Size in bytes of this many tokens. */
    public long bytesOf(int tokens) {
        return byteSize() / room() * tokens;
    }

    /** Number of rows of a tensor of keys, which are stored in blocks. */
    private static int blocks(int tokens) {
        return Math.ceilDiv(tokens, Heads.BLOCK);
    }

    /** Copies all tokens from {@code from} on, which must be the first of a block of keys. */
    public Segment copy(int from) {
        int block = firstBlock(from);
        return new Segment(
                length - from,
                rows(keys, block, blocks(length) - block),
                rows(values, from, length - from));
    }

    private static int firstBlock(int token) {
        if (token % Heads.BLOCK != 0) {
            throw new IllegalArgumentException(
                    "token %d is not the first of a block of %d".formatted(token, Heads.BLOCK));
        }
        return token / Heads.BLOCK;
    }

    private List<Tensor> rows(List<Tensor> layers, int from, int count) {
        List<Tensor> copies = new ArrayList<>();
        for (Tensor layer : layers) {
            Tensor copy = kernels.zeros(count, layer.cols());
            kernels.elementwise().copyRows(layer, from, copy, 0, count);
            copies.add(copy);
        }
        return List.copyOf(copies);
    }

    /** Appends tokens as if they had been read; they must fit, and start a block of keys. */
    public void append(Segment segment) {
        int block = firstBlock(length);
        for (int layer = 0; layer < keys.size(); layer++) {
            Tensor k = segment.keys().get(layer);
            Tensor v = segment.values().get(layer);
            kernels.elementwise().copyRows(k, 0, keys.get(layer), block, k.rows());
            kernels.elementwise().copyRows(v, 0, values.get(layer), length, segment.tokens());
        }
        advance(segment.tokens());
    }

    /** Forgets the tokens read after the first {@code length}. */
    public void rewind(int length) {
        this.length = length;
    }

    /** Called when all layers have written their rows. */
    void advance(int tokens) {
        length += tokens;
    }
}
