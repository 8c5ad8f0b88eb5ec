package dev.cairn.tensor.kernel;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.matmul.Int8Gemv;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention for a few queries, as in decoding. Keys and values are read in place, because copying
 * them side by side for the matrix product would cost more than it saves. Keys stored in blocks, as
 * in a cache, are multiplied with the query a vector of keys at a time.
 *
 * <p>Memory is the bottleneck, so one pass over the tokens computes all heads of each token, in the
 * cache's memory order; keys of a cache are read as four quarters in parallel. Going head by head
 * would read a few lines of every page, which no processor prefetches (measured:
 * docs/performance-history.md).
 */
final class DecodeAttention {
    /** Rows of values mixed by one call: as many as a block has keys. */
    private static final int ROWS = Heads.BLOCK;

    /** Scratch memory of one thread. */
    private static final class Scratch {
        final float[] lanes = new float[LANES];
        float[] scores = new float[0];
        float[] sums = new float[0];

        void reserve(int heads, int keys) {
            if (scores.length < heads * keys) {
                scores = new float[2 * heads * keys];
            }
            if (sums.length < heads) {
                sums = new float[heads];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final Shape shape;
    private final Span span;

    /** The first query head to compute; {@code heads} heads are computed. */
    private final int firstHead;

    private final int heads;

    /** The first key of a block, at or before the first visible key. */
    private final int firstKey;

    /** Distance between the scores of two heads: whole vectors and whole blocks. */
    private final int width;

    private final Scratch scratch = SCRATCH.get();

    /**
     * @param span of one query
     */
    private DecodeAttention(Shape shape, Span span, int kvFrom, int kvTo, int block) {
        this.shape = shape;
        this.span = span;
        this.firstHead = kvFrom * shape.group();
        this.heads = (kvTo - kvFrom) * shape.group();
        this.firstKey = span.keyStart() / block * block;
        this.width = Math.ceilDiv(span.keyCount(), Heads.BLOCK) * Heads.BLOCK + 2 * Heads.BLOCK;
        scratch.reserve(heads, width);
    }

    /** Computes the query heads of one span that use the key-value heads {@code [kvFrom, kvTo)}. */
    static void forward(
            Shape shape,
            Span span,
            int kvFrom,
            int kvTo,
            Heads q,
            Heads k,
            Heads v,
            Heads out,
            Tensor logSumExp) {
        for (int i = 0; i < span.queryCount(); i++) {
            int row = span.queryStart() + i;
            int before = span.keyCount() - span.queryCount() + i + 1;
            int first = shape.firstVisible(before);
            int keys = before - first;
            Span visible = new Span(row, 1, span.keyStart() + first, keys);
            DecodeAttention some = new DecodeAttention(shape, visible, kvFrom, kvTo, k.block());
            some.score(q, row, k, keys);
            some.softmax(row, keys, logSumExp);
            some.mix(v, keys, out, row);
        }
    }

    /** Start of a head's scores; the scores of keys before the span are skipped. */
    private int scoresAt(int head) {
        return head * width + span.keyStart() - firstKey;
    }

    private void score(Heads q, int row, Heads k, int keys) {
        float scale = (float) shape.scale();
        int until = span.keyStart() + keys;
        if (k.block() == Heads.BLOCK) {
            scoreBlocks(q, row, scale, k, Math.ceilDiv(until - firstKey, Heads.BLOCK));
            return;
        }
        for (int key = firstKey; key < until; key++) {
            for (int h = 0; h < heads; h++) {
                int at = k.at(key, (firstHead + h) / shape.group());
                scratch.scores[h * width + key - firstKey] =
                        scale
                                * VectorMath.dot(
                                        q.floats(),
                                        q.at(row, firstHead + h),
                                        k.floats(),
                                        at,
                                        shape.headDim(),
                                        scratch.lanes);
            }
        }
    }

    /** Reads the four quarters of the keys in parallel. */
    private void scoreBlocks(Heads q, int row, float scale, Heads k, int blocks) {
        int quarter = Math.ceilDiv(blocks, 4);
        int apart = k.tensor().cols();
        for (int a = 0; a < quarter; a++) {
            // Where a quarter has no such block, the very last block is computed again.
            int b = Math.min(a + quarter, blocks - 1);
            int c = Math.min(a + 2 * quarter, blocks - 1);
            int d = Math.min(a + 3 * quarter, blocks - 1);
            for (int h = 0; h < heads; h++) {
                int to = h * width;
                fourBlocks(
                        q.floats(),
                        q.at(row, firstHead + h),
                        shape.headDim(),
                        scale,
                        k.floats(),
                        k.at(firstKey + a * Heads.BLOCK, (firstHead + h) / shape.group()),
                        (b - a) * apart,
                        (c - a) * apart,
                        (d - a) * apart,
                        scratch.scores,
                        to + a * Heads.BLOCK,
                        to + b * Heads.BLOCK,
                        to + c * Heads.BLOCK,
                        to + d * Heads.BLOCK);
            }
        }
    }

    /** Replaces scores by their exponentials, and stores the sums separately. */
    private void softmax(int row, int keys, Tensor logSumExp) {
        for (int h = 0; h < heads; h++) {
            int at = scoresAt(h);
            float max = VectorMath.max(scratch.scores, at, keys);
            VectorMath.exp(scratch.scores, at, keys, max);
            float sum = VectorMath.sum(scratch.scores, at, keys, scratch.lanes);
            scratch.sums[h] = sum;
            logSumExp.set(row, firstHead + h, max + Math.log(sum));
        }
    }

    private void mix(Heads v, int keys, Heads out, int row) {
        int dim = shape.headDim();
        float[] to = out.floats();
        for (int h = 0; h < heads; h++) {
            int at = out.at(row, firstHead + h);
            Arrays.fill(to, at, at + dim, 0f);
        }
        int step = v.tensor().cols();
        for (int j = 0; j < keys; j += ROWS) {
            int count = Math.min(ROWS, keys - j);
            for (int h = 0; h < heads; h++) {
                int at = v.at(span.keyStart() + j, (firstHead + h) / shape.group());
                int outAt = out.at(row, firstHead + h);
                addRows(
                        scratch.scores,
                        scoresAt(h) + j,
                        count,
                        v.floats(),
                        at,
                        step,
                        dim,
                        to,
                        outAt);
            }
        }
        for (int h = 0; h < heads; h++) {
            float factor = 1 / scratch.sums[h];
            int at = out.at(row, firstHead + h);
            for (int d = at; d < at + dim; d++) {
                to[d] *= factor;
            }
        }
    }

    /**
     * {@code scores[j] = scale · q·k[j]} for four blocks of keys, read as four forward streams for
     * the reason given in {@link Int8Gemv}. Each block has two sums, since dependent multiply-adds
     * wait for each other. Too large for the compiler to inline.
     *
     * @param keys {@code [d][BLOCK]}, the first block at {@code at}
     * @param toB offset of the second block from the first
     * @param scoresA where the scores of the first block go
     */
    private static void fourBlocks(
            float[] q,
            int qAt,
            int dim,
            float scale,
            float[] keys,
            int at,
            int toB,
            int toC,
            int toD,
            float[] scores,
            int scoresA,
            int scoresB,
            int scoresC,
            int scoresD) {
        for (int lane = 0; lane < Heads.BLOCK; lane += LANES) {
            FloatVector a0 = FloatVector.zero(SPECIES);
            FloatVector a1 = FloatVector.zero(SPECIES);
            FloatVector b0 = FloatVector.zero(SPECIES);
            FloatVector b1 = FloatVector.zero(SPECIES);
            FloatVector c0 = FloatVector.zero(SPECIES);
            FloatVector c1 = FloatVector.zero(SPECIES);
            FloatVector d0 = FloatVector.zero(SPECIES);
            FloatVector d1 = FloatVector.zero(SPECIES);
            int i = at + lane;
            int k = 0;
            for (; k + 2 <= dim; k += 2, i += 2 * Heads.BLOCK) {
                int j = i + Heads.BLOCK;
                FloatVector q0 = FloatVector.broadcast(SPECIES, q[qAt + k]);
                FloatVector q1 = FloatVector.broadcast(SPECIES, q[qAt + k + 1]);
                a0 = FloatVector.fromArray(SPECIES, keys, i).fma(q0, a0);
                b0 = FloatVector.fromArray(SPECIES, keys, i + toB).fma(q0, b0);
                c0 = FloatVector.fromArray(SPECIES, keys, i + toC).fma(q0, c0);
                d0 = FloatVector.fromArray(SPECIES, keys, i + toD).fma(q0, d0);
                a1 = FloatVector.fromArray(SPECIES, keys, j).fma(q1, a1);
                b1 = FloatVector.fromArray(SPECIES, keys, j + toB).fma(q1, b1);
                c1 = FloatVector.fromArray(SPECIES, keys, j + toC).fma(q1, c1);
                d1 = FloatVector.fromArray(SPECIES, keys, j + toD).fma(q1, d1);
            }
            if (k < dim) {
                FloatVector q0 = FloatVector.broadcast(SPECIES, q[qAt + k]);
                a0 = FloatVector.fromArray(SPECIES, keys, i).fma(q0, a0);
                b0 = FloatVector.fromArray(SPECIES, keys, i + toB).fma(q0, b0);
                c0 = FloatVector.fromArray(SPECIES, keys, i + toC).fma(q0, c0);
                d0 = FloatVector.fromArray(SPECIES, keys, i + toD).fma(q0, d0);
            }
            a0.add(a1).mul(scale).intoArray(scores, scoresA + lane);
            b0.add(b1).mul(scale).intoArray(scores, scoresB + lane);
            c0.add(c1).mul(scale).intoArray(scores, scoresC + lane);
            d0.add(d1).mul(scale).intoArray(scores, scoresD + lane);
        }
    }

    /**
     * {@code out += Σ p[j]·v[j]}. Part of the output stays in registers for all values. Too large
     * for the compiler to inline.
     */
    private static void addRows(
            float[] p,
            int pAt,
            int count,
            float[] values,
            int at,
            int step,
            int dim,
            float[] out,
            int outAt) {
        int d = 0;
        for (; d + 4 * LANES <= dim; d += 4 * LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, out, outAt + d);
            FloatVector b = FloatVector.fromArray(SPECIES, out, outAt + d + LANES);
            FloatVector c = FloatVector.fromArray(SPECIES, out, outAt + d + 2 * LANES);
            FloatVector e = FloatVector.fromArray(SPECIES, out, outAt + d + 3 * LANES);
            int i = at + d;
            int j = 0;
            for (; j + 2 <= count; j += 2, i += 2 * step) {
                FloatVector p0 = FloatVector.broadcast(SPECIES, p[pAt + j]);
                FloatVector p1 = FloatVector.broadcast(SPECIES, p[pAt + j + 1]);
                a = FloatVector.fromArray(SPECIES, values, i).fma(p0, a);
                b = FloatVector.fromArray(SPECIES, values, i + LANES).fma(p0, b);
                c = FloatVector.fromArray(SPECIES, values, i + 2 * LANES).fma(p0, c);
                e = FloatVector.fromArray(SPECIES, values, i + 3 * LANES).fma(p0, e);
                a = FloatVector.fromArray(SPECIES, values, i + step).fma(p1, a);
                b = FloatVector.fromArray(SPECIES, values, i + step + LANES).fma(p1, b);
                c = FloatVector.fromArray(SPECIES, values, i + step + 2 * LANES).fma(p1, c);
                e = FloatVector.fromArray(SPECIES, values, i + step + 3 * LANES).fma(p1, e);
            }
            if (j < count) {
                FloatVector p0 = FloatVector.broadcast(SPECIES, p[pAt + j]);
                a = FloatVector.fromArray(SPECIES, values, i).fma(p0, a);
                b = FloatVector.fromArray(SPECIES, values, i + LANES).fma(p0, b);
                c = FloatVector.fromArray(SPECIES, values, i + 2 * LANES).fma(p0, c);
                e = FloatVector.fromArray(SPECIES, values, i + 3 * LANES).fma(p0, e);
            }
            a.intoArray(out, outAt + d);
            b.intoArray(out, outAt + d + LANES);
            c.intoArray(out, outAt + d + 2 * LANES);
            e.intoArray(out, outAt + d + 3 * LANES);
        }
        for (; d + LANES <= dim; d += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, out, outAt + d);
            int i = at + d;
            for (int j = 0; j < count; j++, i += step) {
                FloatVector weight = FloatVector.broadcast(SPECIES, p[pAt + j]);
                a = FloatVector.fromArray(SPECIES, values, i).fma(weight, a);
            }
            a.intoArray(out, outAt + d);
        }
        for (; d < dim; d++) {
            float sum = out[outAt + d];
            for (int j = 0; j < count; j++) {
                sum = Math.fma(p[pAt + j], values[at + d + j * step], sum);
            }
            out[outAt + d] = sum;
        }
    }
}
