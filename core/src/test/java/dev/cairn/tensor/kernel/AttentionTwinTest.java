package dev.cairn.tensor.kernel;

import static dev.cairn.tensor.Twins.U;

import dev.cairn.tensor.Attention;
import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.F64Tensor;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.Twins;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Fast attention against the loops. A score is a sum of headDim products, a result a sum over keys
 * (or, for keys and values, over the queries of a group), so errors grow like u times those lengths
 * relative to the greatest value; the factor 4 is for the exponential between the two.
 */
class AttentionTwinTest {
    private final Attention fast = Kernels.vector().attention();
    private final Attention slow = Kernels.scalar(Precision.F64).attention();

    private static double bound(Shape shape, List<Span> spans, Tensor exact) {
        int length = shape.headDim() + 16;
        for (Span span : spans) {
            length += span.keyCount() + span.queryCount() * shape.group();
        }
        return 4 * U * length * Math.max(1, Twins.greatest(exact));
    }

    private static void check(
            String what, Shape shape, List<Span> spans, F32Tensor actual, Tensor exact) {
        double bound = bound(shape, spans, exact);
        Twins.assertClose(what + " " + shape + " " + spans, actual, exact, (r, c) -> bound);
    }

    private static Heads over(Tensor tensor, Heads like) {
        return new Heads(tensor, like.offset(), like.stride());
    }

    /** Query, key and value of each head side by side in one row, as GPT-NeoX has them. */
    private void interleaved(int heads, int dim, List<Span> spans, int rows) {
        Twins twins = new Twins(heads * 100L + dim + rows);
        Shape shape = new Shape(heads, heads, dim);
        F32Tensor qkv = twins.uniform(rows, heads * 3 * dim, 2);
        Heads q = new Heads(qkv, 0, 3 * dim);
        Heads k = new Heads(qkv, dim, 3 * dim);
        Heads v = new Heads(qkv, 2 * dim, 3 * dim);
        F32Tensor dQkv = twins.uniform(rows, heads * 3 * dim);
        F64Tensor exactDQkv = Twins.wide(dQkv);
        Forward result = forward(shape, spans, q, k, v, rows);
        Heads dOut = new Heads(twins.uniform(rows, heads * dim), 0, dim);
        Heads out = new Heads(result.out(), 0, dim);
        fast.backward(
                shape,
                spans,
                q,
                k,
                v,
                out,
                result.logSumExp(),
                dOut,
                over(dQkv, q),
                over(dQkv, k),
                over(dQkv, v));
        Heads exactOut = new Heads(result.exactOut(), 0, dim);
        slow.backward(
                shape,
                spans,
                q,
                k,
                v,
                exactOut,
                result.exactLogSumExp(),
                dOut,
                over(exactDQkv, q),
                over(exactDQkv, k),
                over(exactDQkv, v));
        check("dqkv", shape, spans, dQkv, exactDQkv);
    }

    /** Tensors of their own with grouped queries, as Llama has them, and keys in a cache. */
    private void grouped(Shape shape, List<Span> spans, int rows, int cacheRows) {
        int dim = shape.headDim();
        Twins twins = new Twins(shape.heads() * 100L + dim + rows);
        Heads q = new Heads(twins.uniform(rows, shape.heads() * dim, 2), 0, dim);
        Heads k = new Heads(twins.uniform(cacheRows, shape.kvHeads() * dim, 2), 0, dim);
        Heads v = new Heads(twins.uniform(cacheRows, shape.kvHeads() * dim), 0, dim);
        Forward result = forward(shape, spans, q, k, v, rows);
        Heads dOut = new Heads(twins.uniform(rows, shape.heads() * dim), 0, dim);
        F32Tensor dq = twins.uniform(rows, shape.heads() * dim);
        F32Tensor dk = twins.uniform(cacheRows, shape.kvHeads() * dim);
        F32Tensor dv = twins.uniform(cacheRows, shape.kvHeads() * dim);
        F64Tensor exactDq = Twins.wide(dq);
        F64Tensor exactDk = Twins.wide(dk);
        F64Tensor exactDv = Twins.wide(dv);
        Heads out = new Heads(result.out(), 0, dim);
        fast.backward(
                shape,
                spans,
                q,
                k,
                v,
                out,
                result.logSumExp(),
                dOut,
                over(dq, q),
                over(dk, k),
                over(dv, v));
        Heads exactOut = new Heads(result.exactOut(), 0, dim);
        slow.backward(
                shape,
                spans,
                q,
                k,
                v,
                exactOut,
                result.exactLogSumExp(),
                dOut,
                over(exactDq, q),
                over(exactDk, k),
                over(exactDv, v));
        check("dq", shape, spans, dq, exactDq);
        check("dk", shape, spans, dk, exactDk);
        check("dv", shape, spans, dv, exactDv);
    }

    private record Forward(
            F32Tensor out, F32Tensor logSumExp, F64Tensor exactOut, F64Tensor exactLogSumExp) {}

    /** Rows no span covers keep what they held. */
    private Forward forward(Shape shape, List<Span> spans, Heads q, Heads k, Heads v, int rows) {
        int cols = shape.heads() * shape.headDim();
        F32Tensor out = covered(spans, rows, cols);
        F32Tensor logSumExp = covered(spans, rows, shape.heads());
        F64Tensor exactOut = Twins.wide(zeros(rows, cols));
        F64Tensor exactLogSumExp = Twins.wide(zeros(rows, shape.heads()));
        fast.forward(shape, spans, q, k, v, new Heads(out, 0, shape.headDim()), logSumExp);
        slow.forward(
                shape, spans, q, k, v, new Heads(exactOut, 0, shape.headDim()), exactLogSumExp);
        check("out", shape, spans, out, exactOut);
        check("logSumExp", shape, spans, logSumExp, exactLogSumExp);
        return new Forward(out, logSumExp, exactOut, exactLogSumExp);
    }

    private static F32Tensor zeros(int rows, int cols) {
        return F32Tensor.zeros(rows, cols);
    }

    /** NaN where a result is due, zero elsewhere. */
    private static F32Tensor covered(List<Span> spans, int rows, int cols) {
        F32Tensor t = Twins.unset(rows, cols);
        java.util.Arrays.fill(t.data, 0, rows * cols, 0f);
        for (Span span : spans) {
            for (int i = 0; i < span.queryCount(); i++) {
                int at = (span.queryStart() + i) * cols;
                java.util.Arrays.fill(t.data, at, at + cols, Float.NaN);
            }
        }
        return t;
    }

    /** Windows shorter and longer than a tile, than a block of queries, and than the sequence. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 16, 17, 40, 64, 100, 300})
    void aWindowHidesWhatLiesBeforeIt(int window) {
        List<Span> spans =
                List.of(training(1, 1), training(2, 3), training(5, 17), training(22, 170));
        for (int dim : new int[] {1, 20, 32}) {
            grouped(new Shape(4, 2, dim, 0.3, window), spans, 193, 192);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 33", "3, 64", "4, 65", "20, 257", "90, 257"})
    void aWindowMovesWithTheQueries(int queries, int keys) {
        List<Span> spans =
                List.of(
                        new Span(0, queries, 5, keys),
                        new Span(queries, queries, 5 + keys, keys),
                        new Span(2 * queries, 1, 5 + 2 * keys, 2));
        for (int window : new int[] {1, 5, 16, 33, 64, 256}) {
            grouped(new Shape(4, 2, 20, 0.3, window), spans, 2 * queries + 1, 2 * keys + 9);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 33", "3, 64", "4, 65", "20, 257", "90, 257"})
    void aWindowMovesOverKeysInBlocks(int queries, int keys) {
        for (int window : new int[] {1, 5, 16, 33, 64, 256}) {
            inBlocks(new Shape(4, 2, 20, 0.3, window), queries, 0, keys);
        }
    }

    private static Span training(int start, int count) {
        return new Span(start, count, start, count);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8, 20, 32, 48})
    void packedExamplesDoNotSeeEachOther(int dim) {
        List<Span> spans =
                List.of(training(1, 1), training(2, 3), training(5, 17), training(22, 70));
        interleaved(3, dim, spans, 93);
        grouped(new Shape(4, 2, dim), spans, 93, 92);
        grouped(new Shape(6, 1, dim), spans, 92, 95);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257})
    void aSpanMayHaveAnyLength(int length) {
        interleaved(2, 20, List.of(training(0, length)), length);
        grouped(new Shape(2, 1, 8), List.of(training(0, length)), length, length);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 16", "1, 17", "1, 100", "2, 33", "3, 64", "4, 65", "7, 100", "20, 257"})
    void queriesAreTheLastOfTheKeys(int queries, int keys) {
        List<Span> spans =
                List.of(
                        new Span(0, queries, 5, keys),
                        new Span(queries, queries, 5 + keys, keys),
                        new Span(2 * queries, 1, 5 + 2 * keys, 2));
        for (int dim : new int[] {1, 8, 20, 32, 48}) {
            grouped(new Shape(4, 2, dim), spans, 2 * queries + 1, 2 * keys + 9);
        }
    }

    /** As a cache holds them; what stands beyond the last key must not matter. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 16", "1, 17", "1, 100", "2, 33", "3, 64", "4, 65", "20, 257"})
    void keysMayLieInBlocks(int queries, int keys) {
        for (int start : new int[] {0, 5, 16}) {
            for (int dim : new int[] {1, 8, 20, 32, 64, 100}) {
                inBlocks(new Shape(4, 2, dim), queries, start, keys);
            }
        }
    }

    private void inBlocks(Shape shape, int queries, int start, int keys) {
        List<Span> spans = List.of(new Span(0, queries, start, keys));
        int dim = shape.headDim();
        Twins twins = new Twins(dim);
        int rows = start + keys;
        Heads q = new Heads(twins.uniform(queries, 4 * dim, 2), 0, dim);
        Heads k = new Heads(twins.uniform(rows, 2 * dim, 2), 0, dim);
        Heads v = new Heads(twins.uniform(rows, 2 * dim), 0, dim);
        int blocks = Math.ceilDiv(rows, Heads.BLOCK);
        F32Tensor stale = twins.uniform(blocks, 2 * dim * Heads.BLOCK, 9);
        Heads cached = new Heads(stale, 0, dim, Heads.BLOCK);
        cached.copyFrom(k, 0, 0, rows, 2, dim);
        forward(shape, spans, q, cached, v, queries);
    }

    /** Both compute in double and round once. */
    @ParameterizedTest
    @CsvSource({"1, false", "3, true", "8, false", "10, true"})
    void rotationIsTheSame(int pairs, boolean inverse) {
        Twins twins = new Twins(pairs);
        int[] positions = twins.below(30, 37);
        F32Tensor cos = twins.uniform(30, pairs);
        F32Tensor sin = twins.uniform(30, pairs);
        F32Tensor x = twins.uniform(37, 90);
        F32Tensor y = Twins.copy(x);
        Kernels.vector().attention().rotate(new Heads(x, 5, 25), 3, positions, cos, sin, inverse);
        Kernels.scalar(Precision.F32)
                .attention()
                .rotate(new Heads(y, 5, 25), 3, positions, cos, sin, inverse);
        Twins.assertClose("rotated", x, y, (r, c) -> 0);
    }
}
