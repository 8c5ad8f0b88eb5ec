package dev.cairn.tensor;

import java.util.List;

/**
 * Causal softmax attention (Vaswani et al. 2017) with grouped queries (Ainslie et al. 2023), and
 * rotary position embedding (Su et al. 2021). A batch of packed examples is a list of spans of
 * rows: no example attends to another, and none is padded.
 */
public interface Attention {
    /**
     * A range of rows that attend to each other. Query i of {@code queryCount} sees the keys {@code
     * keyStart .. keyStart + keyCount − queryCount + i}, or those of them within its window: in
     * training both counts are equal; with a cache the queries are the last of the keys.
     */
    record Span(int queryStart, int queryCount, int keyStart, int keyCount) {}

    /**
     * Sizes that are the same for all spans.
     *
     * @param heads query heads
     * @param kvHeads key and value heads; heads is a multiple of it
     * @param headDim values per head
     * @param scale factor of the scores, 1/√headDim in most models
     * @param window how many keys a query sees at most, its own included: sliding-window attention
     *     (Beltagy et al. 2020); {@link #NO_WINDOW} for all before it
     */
    record Shape(int heads, int kvHeads, int headDim, double scale, int window) {
        /** Every query sees all keys before it. */
        public static final int NO_WINDOW = Integer.MAX_VALUE;

        /** Scores scaled by 1/√headDim, and no window. */
        public Shape(int heads, int kvHeads, int headDim) {
            this(heads, kvHeads, headDim, 1 / Math.sqrt(headDim), NO_WINDOW);
        }

        /** The first key within the window of a query that is preceded by these and its own. */
        public int firstVisible(int keys) {
            return Math.max(0, keys - window);
        }

        public int group() {
            return heads / kvHeads;
        }
    }

    /**
     * {@code out = softmax(scale·q·kᵀ)·v}, overwriting.
     *
     * @param logSumExp output {@code [queries, heads]}, from which the backward pass recomputes the
     *     probabilities
     */
    void forward(
            Shape shape, List<Span> spans, Heads q, Heads k, Heads v, Heads out, Tensor logSumExp);

    /** Adds the gradients of q, k and v to dq, dk and dv. */
    void backward(
            Shape shape,
            List<Span> spans,
            Heads q,
            Heads k,
            Heads v,
            Heads out,
            Tensor logSumExp,
            Heads dOut,
            Heads dq,
            Heads dk,
            Heads dv);

    /**
     * Rotates the first {@code 2·cos.cols()} values of every head by the angles of the row's
     * position, in place; value i is paired with value i + cos.cols().
     *
     * @param positions position of each row
     * @param cos {@code [positions, pairs]}
     * @param sin {@code [positions, pairs]}
     * @param inverse whether to rotate back, which is the gradient of the rotation
     */
    default void rotate(
            Heads x, int heads, int[] positions, Tensor cos, Tensor sin, boolean inverse) {
        ThreadPool.parallel(
                positions.length,
                16,
                (from, to) -> {
                    for (int t = from; t < to; t++) {
                        rotateRow(x, heads, t, positions[t], cos, sin, inverse);
                    }
                });
    }

    private static void rotateRow(
            Heads x, int heads, int row, int position, Tensor cos, Tensor sin, boolean inverse) {
        int pairs = cos.cols();
        for (int i = 0; i < pairs; i++) {
            double c = cos.get(position, i);
            double s = inverse ? -sin.get(position, i) : sin.get(position, i);
            for (int h = 0; h < heads; h++) {
                double a = x.get(row, h, i);
                double b = x.get(row, h, i + pairs);
                x.set(row, h, i, a * c - b * s);
                x.set(row, h, i + pairs, b * c + a * s);
            }
        }
    }
}
