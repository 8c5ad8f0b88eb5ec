package dev.cairn.tensor;

import static dev.cairn.tensor.VectorMath.LANES;
import static dev.cairn.tensor.VectorMath.SPECIES;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of a few queries, as in decoding: keys and values are read where they lie, because
 * copying them side by side for the matrix product would cost more than it saves. Keys that lie in
 * blocks, those of a cache, meet the query a vector of keys at a time.
 */
final class FewQueries {
    /** Room of one thread. */
    private static final class Scratch {
        final float[] lanes = new float[LANES];
        float[] scores = new float[0];

        void reserve(int keys) {
            if (scores.length < keys) {
                scores = new float[2 * keys];
            }
        }
    }

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private FewQueries() {}

    /** The query heads that share one key-value head of one span. */
    static void forward(
            Shape shape,
            Span span,
            int kvHead,
            Heads q,
            Heads k,
            Heads v,
            Heads out,
            Tensor logSumExp) {
        int dim = shape.headDim();
        float scale = (float) shape.scale();
        Scratch s = SCRATCH.get();
        // Whole blocks of keys, and before them those of the block in which the span begins.
        s.reserve(span.keyCount() + 3 * Heads.BLOCK);
        float[] scores = s.scores;
        for (int h = kvHead * shape.group(); h < (kvHead + 1) * shape.group(); h++) {
            for (int i = 0; i < span.queryCount(); i++) {
                int row = span.queryStart() + i;
                int keys = span.keyCount() - span.queryCount() + i + 1;
                int first = 0;
                if (k.block() == Heads.BLOCK) {
                    first = span.keyStart() % Heads.BLOCK;
                    int block = span.keyStart() - first;
                    int step = k.tensor().cols();
                    int blocks = Math.ceilDiv(first + keys, Heads.BLOCK);
                    int at = k.at(block, kvHead);
                    scores(
                            q.floats(),
                            q.at(row, h),
                            dim,
                            scale,
                            k.floats(),
                            at,
                            step,
                            blocks,
                            scores);
                } else {
                    for (int j = 0; j < keys; j++) {
                        int at = k.at(span.keyStart() + j, kvHead);
                        scores[j] =
                                scale
                                        * VectorMath.dot(
                                                q.floats(),
                                                q.at(row, h),
                                                k.floats(),
                                                at,
                                                dim,
                                                s.lanes);
                    }
                }
                float max = VectorMath.max(scores, first, keys);
                VectorMath.exp(scores, first, keys, max);
                float sum = VectorMath.sum(scores, first, keys, s.lanes);
                logSumExp.set(row, h, max + Math.log(sum));
                int at = v.at(span.keyStart(), kvHead);
                int step = v.tensor().cols();
                float[] to = out.floats();
                mix(scores, first, keys, 1 / sum, v.floats(), at, step, dim, to, out.at(row, h));
            }
        }
    }

    /**
     * {@code scores[j] = scale · q·k[j]} for whole blocks of keys. Eight sums side by side, since a
     * multiply-add waits for the one before it; larger than what the compiler inlines.
     *
     * @param keys {@code [block][d][BLOCK]}, blocks {@code step} apart
     */
    private static void scores(
            float[] q,
            int qAt,
            int dim,
            float scale,
            float[] keys,
            int at,
            int step,
            int blocks,
            float[] scores) {
        int whole = dim / 8 * 8;
        for (int block = 0; block < blocks; block++) {
            for (int lane = 0; lane < Heads.BLOCK; lane += LANES) {
                FloatVector s0 = FloatVector.zero(SPECIES);
                FloatVector s1 = FloatVector.zero(SPECIES);
                FloatVector s2 = FloatVector.zero(SPECIES);
                FloatVector s3 = FloatVector.zero(SPECIES);
                FloatVector s4 = FloatVector.zero(SPECIES);
                FloatVector s5 = FloatVector.zero(SPECIES);
                FloatVector s6 = FloatVector.zero(SPECIES);
                FloatVector s7 = FloatVector.zero(SPECIES);
                int i = at + block * step + lane;
                int d = 0;
                for (; d < whole; d += 8, i += 8 * Heads.BLOCK) {
                    s0 =
                            FloatVector.fromArray(SPECIES, keys, i)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d]), s0);
                    s1 =
                            FloatVector.fromArray(SPECIES, keys, i + Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 1]), s1);
                    s2 =
                            FloatVector.fromArray(SPECIES, keys, i + 2 * Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 2]), s2);
                    s3 =
                            FloatVector.fromArray(SPECIES, keys, i + 3 * Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 3]), s3);
                    s4 =
                            FloatVector.fromArray(SPECIES, keys, i + 4 * Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 4]), s4);
                    s5 =
                            FloatVector.fromArray(SPECIES, keys, i + 5 * Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 5]), s5);
                    s6 =
                            FloatVector.fromArray(SPECIES, keys, i + 6 * Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 6]), s6);
                    s7 =
                            FloatVector.fromArray(SPECIES, keys, i + 7 * Heads.BLOCK)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d + 7]), s7);
                }
                for (; d < dim; d++, i += Heads.BLOCK) {
                    s0 =
                            FloatVector.fromArray(SPECIES, keys, i)
                                    .fma(FloatVector.broadcast(SPECIES, q[qAt + d]), s0);
                }
                s0 = s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7)));
                s0.mul(scale).intoArray(scores, block * Heads.BLOCK + lane);
            }
        }
    }

    /**
     * {@code out = factor · Σ p[j]·v[j]}. A piece of the output stays in registers for all values.
     * Larger than what the compiler inlines.
     */
    private static void mix(
            float[] p,
            int pAt,
            int count,
            float factor,
            float[] values,
            int at,
            int step,
            int dim,
            float[] out,
            int outAt) {
        int d = 0;
        for (; d + 4 * LANES <= dim; d += 4 * LANES) {
            FloatVector a = FloatVector.zero(SPECIES);
            FloatVector b = FloatVector.zero(SPECIES);
            FloatVector c = FloatVector.zero(SPECIES);
            FloatVector e = FloatVector.zero(SPECIES);
            int i = at + d;
            for (int j = 0; j < count; j++, i += step) {
                FloatVector weight = FloatVector.broadcast(SPECIES, p[pAt + j]);
                a = FloatVector.fromArray(SPECIES, values, i).fma(weight, a);
                b = FloatVector.fromArray(SPECIES, values, i + LANES).fma(weight, b);
                c = FloatVector.fromArray(SPECIES, values, i + 2 * LANES).fma(weight, c);
                e = FloatVector.fromArray(SPECIES, values, i + 3 * LANES).fma(weight, e);
            }
            a.mul(factor).intoArray(out, outAt + d);
            b.mul(factor).intoArray(out, outAt + d + LANES);
            c.mul(factor).intoArray(out, outAt + d + 2 * LANES);
            e.mul(factor).intoArray(out, outAt + d + 3 * LANES);
        }
        for (; d + LANES <= dim; d += LANES) {
            FloatVector a = FloatVector.zero(SPECIES);
            int i = at + d;
            for (int j = 0; j < count; j++, i += step) {
                FloatVector weight = FloatVector.broadcast(SPECIES, p[pAt + j]);
                a = FloatVector.fromArray(SPECIES, values, i).fma(weight, a);
            }
            a.mul(factor).intoArray(out, outAt + d);
        }
        for (; d < dim; d++) {
            float sum = 0;
            for (int j = 0; j < count; j++) {
                sum = Math.fma(p[pAt + j], values[at + d + j * step], sum);
            }
            out[outAt + d] = factor * sum;
        }
    }
}
