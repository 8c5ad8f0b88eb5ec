package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Attention;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.matmul.StridedTile;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * {@link Attention} for floats. A task is one key-value head of one span ({@link AttentionTask});
 * it alone adds to its gradients, so tasks run in parallel and every sum has a fixed order. Within
 * a task, blocks of queries are multiplied with all keys visible to them, tile by tile ({@link
 * StridedTile}); keys that no query of a tile can see are skipped, behind it as well as before its
 * window. The probabilities of a block exist only while it is processed. {@link DecodeAttention}
 * handles a few queries, as in decoding.
 */
final class VectorAttention implements Attention {
    /** Number of queries below which copying keys and values costs more than it saves. */
    private static final int FEW_QUERIES = 4;

    /** Score computations (queries × keys × heads) below which one thread is enough. */
    private static final long SMALL = 1 << 9;

    /** Number of parts that the heads of a batch are split into: two for each of two threads. */
    private static final int PARTS = 4;

    private static final int ROTATED_ROWS = 16;

    /** Tasks whose memory can be reused. */
    private static final Deque<AttentionTask> IDLE = new ConcurrentLinkedDeque<>();

    @Override
    public void forward(
            Shape shape, List<Span> spans, Heads q, Heads k, Heads v, Heads out, Tensor logSumExp) {
        tasks(
                shape,
                spans,
                (task, span, from, to) -> {
                    if (span.queryCount() < FEW_QUERIES) {
                        DecodeAttention.forward(shape, span, from, to, q, k, v, out, logSumExp);
                        return;
                    }
                    for (int kvHead = from; kvHead < to; kvHead++) {
                        task.begin(span, kvHead, k, v);
                        int next = (kvHead + 1) * shape.group();
                        for (int h = kvHead * shape.group(); h < next; h++) {
                            for (int i = 0; i < span.queryCount(); i += AttentionTask.BLOCK) {
                                task.forward(h, i, q, out, (F32Tensor) logSumExp);
                            }
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
                (task, span, from, to) -> {
                    for (int kvHead = from; kvHead < to; kvHead++) {
                        task.begin(span, kvHead, k, v);
                        task.beginBackward(kvHead, k, v);
                        int next = (kvHead + 1) * shape.group();
                        for (int h = kvHead * shape.group(); h < next; h++) {
                            for (int i = 0; i < span.queryCount(); i += AttentionTask.BLOCK) {
                                task.backward(h, i, q, out, (F32Tensor) logSumExp, dOut, dq);
                            }
                        }
                        task.end(kvHead, dk, dv);
                    }
                });
    }

    @Override
    public void rotate(
            Heads x, int heads, int[] positions, Tensor cos, Tensor sin, boolean inverse) {
        float[] cosines = ((F32Tensor) cos).data;
        float[] sines = ((F32Tensor) sin).data;
        int pairs = cos.cols();
        ThreadPool.parallel(
                positions.length,
                ROTATED_ROWS,
                (from, to) -> {
                    for (int t = from; t < to; t++) {
                        for (int h = 0; h < heads; h++) {
                            int angle = positions[t] * pairs;
                            turn(x.floats(), x.at(t, h), cosines, sines, angle, pairs, inverse);
                        }
                    }
                });
    }

    private static void turn(
            float[] x,
            int at,
            float[] cosines,
            float[] sines,
            int angle,
            int pairs,
            boolean inverse) {
        for (int i = 0; i < pairs; i++) {
            double c = cosines[angle + i];
            double s = inverse ? -sines[angle + i] : sines[angle + i];
            double a = x[at + i];
            double b = x[at + i + pairs];
            x[at + i] = (float) (a * c - b * s);
            x[at + i + pairs] = (float) (b * c + a * s);
        }
    }

    /** Processes the key-value heads {@code [from, to)} of a span. */
    @FunctionalInterface
    private interface Body {
        void run(AttentionTask task, Span span, int from, int to);
    }

    private static void tasks(Shape shape, List<Span> spans, Body body) {
        long work = 0;
        for (Span span : spans) {
            work += (long) span.queryCount() * span.keyCount() * shape.heads();
        }
        int tasks = spans.size() * shape.kvHeads();
        ThreadPool.chunks(
                tasks,
                work < SMALL ? Math.max(1, tasks) : Math.ceilDiv(tasks, PARTS),
                (from, to) -> {
                    AttentionTask task = take(shape);
                    for (int i = from; i < to; ) {
                        int span = i / shape.kvHeads();
                        int first = span * shape.kvHeads();
                        int until = Math.min(to, first + shape.kvHeads());
                        body.run(task, spans.get(span), i - first, until - first);
                        i = until;
                    }
                    IDLE.push(task);
                });
    }

    private static AttentionTask take(Shape shape) {
        AttentionTask idle = IDLE.poll();
        if (idle == null) {
            return new AttentionTask(shape);
        }
        idle.turnTo(shape);
        return idle;
    }
}
