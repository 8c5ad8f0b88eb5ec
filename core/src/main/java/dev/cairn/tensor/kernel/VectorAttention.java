package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Attention;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.matmul.MicroKernel;
import dev.cairn.tensor.matmul.StridedTile;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * {@link Attention} for floats. A task is one key-value head of one span; it alone adds to its
 * gradients, so tasks run in parallel and every sum has a fixed order. Within a task, blocks of
 * queries are multiplied with all keys visible to them, tile by tile ({@link StridedTile}); keys
 * that no query of a tile can see are skipped, behind it as well as before its window. The
 * probabilities of a block exist only while it is processed. {@link DecodeAttention} handles a few
 * queries, as in decoding.
 *
 * <p>All data of a head is padded with zeros to whole tiles, so there are no partial tiles.
 */
final class VectorAttention implements Attention {
    /**
     * Queries per block, a compromise: smaller blocks waste less above the diagonal, larger ones
     * make longer products.
     */
    private static final int BLOCK = 64;

    /** Number of queries below which copying keys and values costs more than it saves. */
    private static final int FEW_QUERIES = 4;

    /** Score computations (queries × keys × heads) below which one thread is enough. */
    private static final long SMALL = 1 << 9;

    /** Number of parts that the heads of a batch are split into: two for each of two threads. */
    private static final int PARTS = 4;

    private static final int ROTATED_ROWS = 16;

    /** Tasks whose memory can be reused. */
    private static final Deque<Task> IDLE = new ConcurrentLinkedDeque<>();

    private static final int ROWS = MicroKernel.ROWS;
    private static final int COLS = MicroKernel.COLS;

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
                            for (int i = 0; i < span.queryCount(); i += BLOCK) {
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
                            for (int i = 0; i < span.queryCount(); i += BLOCK) {
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
        void run(Task task, Span span, int from, int to);
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
                    Task task = take(shape);
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

    private static Task take(Shape shape) {
        Task idle = IDLE.poll();
        if (idle == null) {
            return new Task(shape);
        }
        idle.turnTo(shape);
        return idle;
    }

    /** The keys and values of one head of one span, packed, and scratch memory for one block. */
    private static final class Task {
        private Shape shape;
        private int dim;

        /** Values per head, padded to whole tiles. */
        private int width;

        private final float[] lanes = new float[VectorMath.LANES];
        private final float[] sums = new float[BLOCK];
        private float[] queries = {};
        private float[] mixed = {};
        private float[] dMixed = {};

        /** {@code [keys, width]}. */
        private float[] keys = {};

        private float[] values = {};
        private float[] dKeys = {};
        private float[] dValues = {};

        /** Transposed: {@code [keys / COLS][dim][COLS]}. */
        private float[] keyPanels = {};

        private float[] valuePanels = {};

        /** {@code [BLOCK, columns]}. */
        private float[] probabilities = {};

        private float[] dScores = {};
        private Span span = new Span(0, 0, 0, 0);

        Task(Shape shape) {
            turnTo(shape);
        }

        /** Prepares for another attention shape; arrays are reused, their contents discarded. */
        private void turnTo(Shape next) {
            shape = next;
            dim = next.headDim();
            width = Math.ceilDiv(dim, COLS) * COLS;
        }

        /** Prepares for another head or span. */
        void begin(Span next, int kvHead, Heads k, Heads v) {
            span = withinWindow(next);
            queries = atLeast(queries, BLOCK * width);
            mixed = atLeast(mixed, BLOCK * width);
            dMixed = atLeast(dMixed, BLOCK * width);
            int padded = wholeTiles(span.keyCount());
            values = atLeast(values, padded * width);
            keyPanels = atLeast(keyPanels, padded * dim);
            probabilities = atLeast(probabilities, BLOCK * padded);
            copyRows(v, span.keyStart(), kvHead, span.keyCount(), values);
            turn(k, kvHead, keyPanels);
        }

        /** The same queries without the keys before the window of the first. */
        private Span withinWindow(Span next) {
            int before = shape.firstVisible(next.keyCount() - next.queryCount() + 1);
            // Whole blocks, so that keys of a cache can be copied as they lie.
            int skipped = before / Heads.BLOCK * Heads.BLOCK;
            return new Span(
                    next.queryStart(),
                    next.queryCount(),
                    next.keyStart() + skipped,
                    next.keyCount() - skipped);
        }

        /** Prepares what only the backward pass needs. */
        void beginBackward(int kvHead, Heads k, Heads v) {
            int padded = wholeTiles(span.keyCount());
            keys = atLeast(keys, padded * width);
            copyRows(k, span.keyStart(), kvHead, span.keyCount(), keys);
            dKeys = atLeast(dKeys, padded * width);
            dValues = atLeast(dValues, padded * width);
            valuePanels = atLeast(valuePanels, padded * dim);
            dScores = atLeast(dScores, BLOCK * padded);
            Arrays.fill(dKeys, 0, padded * width, 0f);
            Arrays.fill(dValues, 0, padded * width, 0f);
            turn(v, kvHead, valuePanels);
        }

        void end(int kvHead, Heads dk, Heads dv) {
            addRows(dKeys, span.keyCount(), dk, span.keyStart(), kvHead);
            addRows(dValues, span.keyCount(), dv, span.keyStart(), kvHead);
        }

        /** {@code keys}, rounded up to a multiple of both sides of a tile. */
        private static int wholeTiles(int keys) {
            int side = Math.max(ROWS, COLS);
            return Math.ceilDiv(keys, side) * side;
        }

        private static float[] atLeast(float[] have, int size) {
            return have.length >= size ? have : new float[size];
        }

        private void copyRows(Heads x, int row, int head, int count, float[] to) {
            for (int i = 0; i < count; i++) {
                System.arraycopy(x.floats(), x.at(row + i, head), to, i * width, dim);
            }
        }

        private void addRows(float[] rows, int count, Heads x, int row, int head) {
            float[] data = x.floats();
            for (int i = 0; i < count; i++) {
                int at = x.at(row + i, head);
                for (int d = 0; d < dim; d++) {
                    data[at + d] += rows[i * width + d];
                }
            }
        }

        /** Transposes the span's keys into panels. */
        private void turn(Heads x, int head, float[] panels) {
            if (x.block() == Heads.BLOCK && span.keyStart() % Heads.BLOCK == 0) {
                copyBlocks(x, head, panels);
                return;
            }
            float[] from = x.floats();
            int step = x.block();
            int count = span.keyCount();
            for (int j = 0; j < wholeTiles(count); j++) {
                int to = j / COLS * COLS * dim + j % COLS;
                int at = x.at(span.keyStart() + Math.min(j, count - 1), head);
                for (int d = 0; d < dim; d++) {
                    panels[to + d * COLS] = j < count ? from[at + d * step] : 0;
                }
            }
        }

        /**
         * Copies blocks of a cache, which are already transposed, side by side. The last panel is
         * filled up with keys that no query sees.
         */
        private void copyBlocks(Heads x, int head, float[] panels) {
            int side = Math.min(COLS, Heads.BLOCK);
            int last = (span.keyCount() - 1) / side * side;
            for (int j = 0; j < wholeTiles(span.keyCount()); j += side) {
                int to = j / COLS * COLS * dim + j % COLS;
                int at = x.at(span.keyStart() + Math.min(j, last), head);
                for (int d = 0; d < dim; d++) {
                    System.arraycopy(x.floats(), at + d * Heads.BLOCK, panels, to + d * COLS, side);
                }
            }
        }

        /** Where the keys visible to query {@code i} of the span end. */
        private int visible(int i) {
            return span.keyCount() - span.queryCount() + i + 1;
        }

        /** The first key visible to query {@code i} and thus to any of the queries after it. */
        private int firstVisible(int i) {
            return shape.firstVisible(visible(i));
        }

        /** Where the keys end that any of the tile of queries starting at {@code i} sees. */
        private int visibleOfTile(int i) {
            return visible(Math.min(i + ROWS, span.queryCount()) - 1);
        }

        private int blockSize(int first) {
            return Math.min(BLOCK, span.queryCount() - first);
        }

        void forward(int h, int first, Heads q, Heads out, F32Tensor logSumExp) {
            int count = blockSize(first);
            int row = span.queryStart() + first;
            int columns = wholeTiles(visible(first + count - 1));
            copyRows(q, row, h, count, queries);
            withPanels(queries, keyPanels, first, count, columns, shape.scale(), probabilities);
            for (int i = 0; i < count; i++) {
                int at = i * columns;
                int hidden = firstVisible(first + i);
                int seen = visible(first + i) - hidden;
                float max = VectorMath.max(probabilities, at + hidden, seen);
                expRow(probabilities, at, hidden, seen, columns, max);
                float sum = VectorMath.sum(probabilities, at + hidden, seen, lanes);
                logSumExp.data[(row + i) * logSumExp.cols() + h] = max + (float) Math.log(sum);
                sums[i] = sum;
            }
            mix(probabilities, values, first, count, columns, 1, mixed);
            float[] outs = out.floats();
            for (int i = 0; i < count; i++) {
                int at = out.at(row + i, h);
                float factor = 1 / sums[i];
                for (int d = 0; d < dim; d++) {
                    outs[at + d] = mixed[i * width + d] * factor;
                }
            }
        }

        /** {@code c[i, j] = alpha · Σ_d a[i, d] · panels[j, d]} for the keys j visible to i. */
        private void withPanels(
                float[] a,
                float[] panels,
                int first,
                int count,
                int columns,
                double alpha,
                float[] c) {
            for (int j = 0; j < columns; j += COLS) {
                for (int i = 0; i < count; i += ROWS) {
                    if (j < visibleOfTile(first + i) && j + COLS > firstVisible(first + i)) {
                        StridedTile.multiply(
                                a,
                                i * width,
                                width,
                                1,
                                panels,
                                j * dim,
                                COLS,
                                dim,
                                c,
                                i * columns + j,
                                columns,
                                (float) alpha,
                                false);
                    }
                }
            }
        }

        /** {@code c[i, d] = alpha · Σ_j p[i, j] · rows[j, d]} over the keys j visible to i. */
        private void mix(
                float[] p,
                float[] rows,
                int first,
                int count,
                int columns,
                double alpha,
                float[] c) {
            for (int i = 0; i < count; i += ROWS) {
                int from = firstVisible(first + i);
                for (int d = 0; d < width; d += COLS) {
                    StridedTile.multiply(
                            p,
                            i * columns + from,
                            columns,
                            1,
                            rows,
                            from * width + d,
                            width,
                            visibleOfTile(first + i) - from,
                            c,
                            i * width + d,
                            width,
                            (float) alpha,
                            false);
                }
            }
        }

        /** {@code c[j, d] += alpha · Σ_i p[i, j] · rows[i, d]} over the queries i that see j. */
        private void spread(
                float[] p,
                float[] rows,
                int first,
                int count,
                int columns,
                double alpha,
                float[] c) {
            for (int j = 0; j < columns; j += ROWS) {
                // From the first query that sees key j to the last that sees any of the tile.
                int from = Math.max(0, j + 1 - visible(first));
                int until =
                        (int) Math.min(count, (long) j + ROWS + shape.window() - visible(first));
                for (int d = 0; d < width && from < until; d += COLS) {
                    StridedTile.multiply(
                            p,
                            from * columns + j,
                            1,
                            columns,
                            rows,
                            from * width + d,
                            width,
                            until - from,
                            c,
                            j * width + d,
                            width,
                            (float) alpha,
                            true);
                }
            }
        }

        /**
         * Exponentials of the scores of the {@code seen} keys after the {@code hidden} ones, and
         * zeros for the rest of the row.
         */
        private void expRow(float[] p, int at, int hidden, int seen, int columns, float shift) {
            int from = at + hidden;
            int whole = seen / VectorMath.LANES * VectorMath.LANES;
            VectorMath.exp(p, from, whole, shift);
            System.arraycopy(p, from + whole, lanes, 0, seen - whole);
            VectorMath.exp(lanes, 0, seen - whole, shift);
            System.arraycopy(lanes, 0, p, from + whole, seen - whole);
            zeroOutside(p, at, hidden, seen, columns);
        }

        private static void zeroOutside(float[] row, int at, int hidden, int seen, int columns) {
            Arrays.fill(row, at, at + hidden, 0f);
            Arrays.fill(row, at + hidden + seen, at + columns, 0f);
        }

        void backward(
                int h, int first, Heads q, Heads out, F32Tensor logSumExp, Heads dOut, Heads dq) {
            int count = blockSize(first);
            int row = span.queryStart() + first;
            int columns = wholeTiles(visible(first + count - 1));
            copyRows(q, row, h, count, queries);
            copyRows(dOut, row, h, count, dMixed);
            copyRows(out, row, h, count, mixed);
            withPanels(queries, keyPanels, first, count, columns, shape.scale(), probabilities);
            withPanels(dMixed, valuePanels, first, count, columns, 1, dScores);
            for (int i = 0; i < count; i++) {
                int at = i * columns;
                int hidden = firstVisible(first + i);
                int seen = visible(first + i) - hidden;
                float logSum = logSumExp.data[(row + i) * logSumExp.cols() + h];
                expRow(probabilities, at, hidden, seen, columns, logSum);
                // Σ_j p_j·dp_j = Σ_d out_d·dOut_d
                float mean = VectorMath.dot(mixed, i * width, dMixed, i * width, dim, lanes);
                for (int j = at + hidden; j < at + hidden + seen; j++) {
                    dScores[j] = probabilities[j] * (dScores[j] - mean);
                }
                zeroOutside(dScores, at, hidden, seen, columns);
            }
            spread(probabilities, dMixed, first, count, columns, 1, dValues);
            spread(dScores, queries, first, count, columns, shape.scale(), dKeys);
            mix(dScores, keys, first, count, columns, shape.scale(), mixed);
            addRows(mixed, count, dq, row, h);
        }
    }
}
