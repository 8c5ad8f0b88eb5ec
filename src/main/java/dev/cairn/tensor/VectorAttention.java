package dev.cairn.tensor;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Attention} for floats. One task is one key-value head of one span: it owns the gradients
 * it adds to, so tasks run in parallel and every sum has one order. Keys are transposed once per
 * task, so that scores come out as whole vectors without adding up lanes.
 */
final class VectorAttention implements Attention {
    private static final VectorSpecies<Float> SPECIES = VectorMath.SPECIES;
    private static final int LANES = VectorMath.LANES;

    /** Queries below which transposing the keys costs more than it saves: decoding. */
    private static final int FEW_QUERIES = 4;

    /** Score computations (queries × keys × heads) below which one thread is enough. */
    private static final long SMALL = 1 << 14;

    @Override
    public void forward(
            Shape shape, List<Span> spans, Heads q, Heads k, Heads v, Heads out, Tensor logSumExp) {
        tasks(
                shape,
                spans,
                (span, kvHead) -> {
                    boolean few = span.queryCount() < FEW_QUERIES;
                    Task task = new Task(shape, span, kvHead, k, v, !few, false);
                    float[] scores = new float[VectorMath.padded(span.keyCount())];
                    float[] lanes = new float[LANES];
                    for (int h = kvHead * shape.group(); h < (kvHead + 1) * shape.group(); h++) {
                        for (int i = 0; i < span.queryCount(); i++) {
                            int row = span.queryStart() + i;
                            int keys = span.keyCount() - span.queryCount() + i + 1;
                            task.scores(q.floats(), q.at(row, h), keys, scores, lanes);
                            float max = VectorMath.max(scores, 0, keys);
                            VectorMath.exp(scores, 0, keys, max);
                            float sum = VectorMath.sum(scores, 0, keys, lanes);
                            ((F32Tensor) logSumExp).data[row * logSumExp.cols() + h] =
                                    max + (float) Math.log(sum);
                            task.mix(scores, keys, 1 / sum, out.floats(), out.at(row, h));
                        }
                    }
                });
    }

    @Override
    public void backward(
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
            Heads dv) {
        tasks(
                shape,
                spans,
                (span, kvHead) -> {
                    Task task = new Task(shape, span, kvHead, k, v, true, true);
                    for (int h = kvHead * shape.group(); h < (kvHead + 1) * shape.group(); h++) {
                        for (int i = 0; i < span.queryCount(); i++) {
                            task.backward(h, i, q, out, logSumExp, dOut, dq, dk, dv);
                        }
                    }
                });
    }

    @FunctionalInterface
    private interface Body {
        void run(Span span, int kvHead);
    }

    private static void tasks(Shape shape, List<Span> spans, Body body) {
        long work = 0;
        for (Span span : spans) {
            work += (long) span.queryCount() * span.keyCount() * shape.heads();
        }
        int tasks = spans.size() * shape.kvHeads();
        Workers.parallel(
                tasks,
                work < SMALL ? Math.max(1, tasks) : 1,
                (from, to) -> {
                    for (int task = from; task < to; task++) {
                        body.run(spans.get(task / shape.kvHeads()), task % shape.kvHeads());
                    }
                });
    }

    /** Keys and values of one head of one span, laid out for the loops. */
    private static final class Task {
        private final Shape shape;
        private final Span span;
        private final int kvHead;
        private final Heads k;
        private final Heads v;
        private final int paddedKeys;
        private final float[] keysByDim;
        private final float[] valuesByDim;
        private final float[] p;
        private final float[] dp;
        private final float[] lanes = new float[LANES];

        Task(
                Shape shape,
                Span span,
                int kvHead,
                Heads k,
                Heads v,
                boolean transposeKeys,
                boolean backward) {
            this.shape = shape;
            this.span = span;
            this.kvHead = kvHead;
            this.k = k;
            this.v = v;
            this.paddedKeys = VectorMath.padded(span.keyCount());
            this.keysByDim = transposeKeys ? transposed(k) : new float[0];
            this.valuesByDim = backward ? transposed(v) : new float[0];
            this.p = new float[backward ? paddedKeys : 0];
            this.dp = new float[backward ? paddedKeys : 0];
        }

        private float[] transposed(Heads x) {
            float[] byDim = new float[shape.headDim() * paddedKeys];
            float[] data = x.floats();
            for (int j = 0; j < span.keyCount(); j++) {
                int at = x.at(span.keyStart() + j, kvHead);
                for (int d = 0; d < shape.headDim(); d++) {
                    byDim[d * paddedKeys + j] = data[at + d];
                }
            }
            return byDim;
        }

        void scores(float[] q, int qAt, int keys, float[] scores, float[] scratch) {
            float scale = (float) shape.scale();
            if (keysByDim.length > 0) {
                products(q, qAt, keysByDim, keys, scale, scores);
                return;
            }
            for (int j = 0; j < keys; j++) {
                int at = k.at(span.keyStart() + j, kvHead);
                scores[j] =
                        scale * VectorMath.dot(q, qAt, k.floats(), at, shape.headDim(), scratch);
            }
        }

        /** {@code result[j] = factor · Σ_d x[d] · byDim[d][j]} for whole vectors of j. */
        private void products(
                float[] x, int xAt, float[] byDim, int keys, float factor, float[] result) {
            int j = 0;
            for (; j + 4 * LANES <= paddedKeys && j < keys; j += 4 * LANES) {
                FloatVector a = FloatVector.zero(SPECIES);
                FloatVector b = FloatVector.zero(SPECIES);
                FloatVector c = FloatVector.zero(SPECIES);
                FloatVector e = FloatVector.zero(SPECIES);
                for (int d = 0; d < shape.headDim(); d++) {
                    FloatVector value = FloatVector.broadcast(SPECIES, x[xAt + d]);
                    int at = d * paddedKeys + j;
                    a = value.fma(FloatVector.fromArray(SPECIES, byDim, at), a);
                    b = value.fma(FloatVector.fromArray(SPECIES, byDim, at + LANES), b);
                    c = value.fma(FloatVector.fromArray(SPECIES, byDim, at + 2 * LANES), c);
                    e = value.fma(FloatVector.fromArray(SPECIES, byDim, at + 3 * LANES), e);
                }
                a.mul(factor).intoArray(result, j);
                b.mul(factor).intoArray(result, j + LANES);
                c.mul(factor).intoArray(result, j + 2 * LANES);
                e.mul(factor).intoArray(result, j + 3 * LANES);
            }
            for (; j < keys; j += LANES) {
                FloatVector a = FloatVector.zero(SPECIES);
                for (int d = 0; d < shape.headDim(); d++) {
                    FloatVector value = FloatVector.broadcast(SPECIES, x[xAt + d]);
                    a = value.fma(FloatVector.fromArray(SPECIES, byDim, d * paddedKeys + j), a);
                }
                a.mul(factor).intoArray(result, j);
            }
        }

        /** {@code out = factor · Σ_j weight[j] · v[j]}. */
        void mix(float[] weights, int keys, float factor, float[] out, int outAt) {
            for (int d = 0; d < shape.headDim(); d++) {
                out[outAt + d] = 0;
            }
            for (int j = 0; j < keys; j++) {
                int at = v.at(span.keyStart() + j, kvHead);
                VectorMath.axpy(weights[j] * factor, v.floats(), at, out, outAt, shape.headDim());
            }
        }

        void backward(
                int h,
                int i,
                Heads q,
                Heads out,
                Tensor logSumExp,
                Heads dOut,
                Heads dq,
                Heads dk,
                Heads dv) {
            int row = span.queryStart() + i;
            int keys = span.keyCount() - span.queryCount() + i + 1;
            int dim = shape.headDim();
            float scale = (float) shape.scale();
            float[] dOuts = dOut.floats();
            int dOutAt = dOut.at(row, h);
            int qAt = q.at(row, h);
            products(q.floats(), qAt, keysByDim, keys, scale, p);
            VectorMath.exp(p, 0, keys, ((F32Tensor) logSumExp).data[row * logSumExp.cols() + h]);
            products(dOuts, dOutAt, valuesByDim, keys, 1, dp);
            float mean = VectorMath.dot(out.floats(), out.at(row, h), dOuts, dOutAt, dim, lanes);
            for (int j = 0; j < keys; j++) {
                int key = span.keyStart() + j;
                float ds = p[j] * (dp[j] - mean) * scale;
                VectorMath.axpy(p[j], dOuts, dOutAt, dv.floats(), dv.at(key, kvHead), dim);
                VectorMath.axpy(ds, k.floats(), k.at(key, kvHead), dq.floats(), dq.at(row, h), dim);
                VectorMath.axpy(ds, q.floats(), qAt, dk.floats(), dk.at(key, kvHead), dim);
            }
        }
    }
}
