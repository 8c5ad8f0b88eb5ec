package dev.cairn.tensor;

import java.util.Arrays;
import java.util.List;

/**
 * {@link Attention} for floats. One task is one key-value head of one span: it owns the gradients
 * it adds to, so tasks run in parallel and every sum has one order. Within a task, blocks of
 * queries are multiplied with all keys they may see by the fast matrix product; the probabilities
 * of a block exist only while it is worked on. A few queries (decoding) are the business of {@link
 * FewQueries}.
 */
final class VectorAttention implements Attention {
    /** Queries per block: less waste above the diagonal against longer products. */
    private static final int BLOCK = 64;

    /** Queries below which copying keys and values costs more than it saves. */
    private static final int FEW_QUERIES = 4;

    /** Score computations (queries × keys × heads) below which one thread is enough. */
    private static final long SMALL = 1 << 14;

    private static final int ROTATED_ROWS = 16;

    private static final Matmul MATMUL = new VectorMatmul();

    @Override
    public void forward(
            Shape shape, List<Span> spans, Heads q, Heads k, Heads v, Heads out, Tensor logSumExp) {
        tasks(
                shape,
                spans,
                (task, span, kvHead) -> {
                    if (span.queryCount() < FEW_QUERIES) {
                        FewQueries.forward(shape, span, kvHead, q, k, v, out, logSumExp);
                        return;
                    }
                    task.begin(span, kvHead, k, v);
                    for (int h = kvHead * shape.group(); h < (kvHead + 1) * shape.group(); h++) {
                        for (int i = 0; i < span.queryCount(); i += BLOCK) {
                            task.forward(h, i, q, out, (F32Tensor) logSumExp);
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
                (task, span, kvHead) -> {
                    task.begin(span, kvHead, k, v);
                    F32Tensor dKeys = task.dKeys.zeros(span.keyCount(), shape.headDim());
                    F32Tensor dValues = task.dValues.zeros(span.keyCount(), shape.headDim());
                    for (int h = kvHead * shape.group(); h < (kvHead + 1) * shape.group(); h++) {
                        for (int i = 0; i < span.queryCount(); i += BLOCK) {
                            task.backward(
                                    h, i, q, out, (F32Tensor) logSumExp, dOut, dq, dKeys, dValues);
                        }
                    }
                    addRows(dKeys, dk, span.keyStart(), kvHead);
                    addRows(dValues, dv, span.keyStart(), kvHead);
                });
    }

    @Override
    public void rotate(
            Heads x, int heads, int[] positions, Tensor cos, Tensor sin, boolean inverse) {
        float[] cosines = ((F32Tensor) cos).data;
        float[] sines = ((F32Tensor) sin).data;
        int pairs = cos.cols();
        Workers.parallel(
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

    @FunctionalInterface
    private interface Body {
        void run(Task task, Span span, int kvHead);
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
                    Task task = new Task(shape);
                    for (int i = from; i < to; i++) {
                        body.run(task, spans.get(i / shape.kvHeads()), i % shape.kvHeads());
                    }
                });
    }

    private static F32Tensor copyRows(
            Heads x, int row, int head, int count, int headDim, Room room) {
        F32Tensor rows = room.tensor(count, headDim);
        for (int i = 0; i < count; i++) {
            int at = x.at(row + i, head);
            if (x.block() == 1) {
                System.arraycopy(x.floats(), at, rows.data, i * headDim, headDim);
                continue;
            }
            float[] from = x.floats();
            for (int d = 0; d < headDim; d++) {
                rows.data[i * headDim + d] = from[at + d * x.block()];
            }
        }
        return rows;
    }

    private static void addRows(F32Tensor rows, Heads x, int row, int head) {
        float[] data = x.floats();
        int headDim = rows.cols();
        for (int i = 0; i < rows.rows(); i++) {
            int at = x.at(row + i, head);
            for (int d = 0; d < headDim; d++) {
                data[at + d] += rows.data[i * headDim + d];
            }
        }
    }

    /** Floats of a size known only at work, kept from one block to the next. */
    private static final class Room {
        private float[] data = new float[0];

        /** A tensor of any values, with one vector of room beyond the last. */
        F32Tensor tensor(int rows, int cols) {
            if (data.length < rows * cols + VectorMath.LANES) {
                data = new float[rows * cols + VectorMath.LANES];
            }
            return F32Tensor.of(data, rows, cols);
        }

        F32Tensor zeros(int rows, int cols) {
            F32Tensor t = tensor(rows, cols);
            Arrays.fill(data, 0, rows * cols, 0f);
            return t;
        }
    }

    /** Keys and values of one head of one span, side by side, and room for one block. */
    private static final class Task {
        private final Shape shape;
        private final float[] lanes = new float[VectorMath.LANES];
        private final Room keyRoom = new Room();
        private final Room valueRoom = new Room();
        private final Room queryRoom = new Room();
        private final Room mixedRoom = new Room();
        private final Room dMixedRoom = new Room();
        private final Room probabilities = new Room();
        private final Room dScores = new Room();
        private final Room dKeys = new Room();
        private final Room dValues = new Room();
        private final float[] sums = new float[BLOCK];
        private Span span = new Span(0, 0, 0, 0);
        private F32Tensor keys = keyRoom.tensor(0, 0);
        private F32Tensor values = valueRoom.tensor(0, 0);

        Task(Shape shape) {
            this.shape = shape;
        }

        /** Turns to another head or span. */
        void begin(Span next, int kvHead, Heads k, Heads v) {
            int count = next.keyCount();
            span = next;
            keys = copyRows(k, next.keyStart(), kvHead, count, shape.headDim(), keyRoom);
            values = copyRows(v, next.keyStart(), kvHead, count, shape.headDim(), valueRoom);
        }

        /** Keys that query {@code i} of the span sees. */
        private int visible(int i) {
            return span.keyCount() - span.queryCount() + i + 1;
        }

        private int blockSize(int first) {
            return Math.min(BLOCK, span.queryCount() - first);
        }

        private static F32Tensor firstRows(F32Tensor t, int rows) {
            return F32Tensor.of(t.data, rows, t.cols());
        }

        void forward(int h, int first, Heads q, Heads out, F32Tensor logSumExp) {
            int dim = shape.headDim();
            int count = blockSize(first);
            int row = span.queryStart() + first;
            int columns = visible(first + count - 1);
            F32Tensor queries = copyRows(q, row, h, count, dim, queryRoom);
            F32Tensor p = probabilities.tensor(count, columns);
            MATMUL.forward(queries, firstRows(keys, columns), p, shape.scale(), false);
            for (int i = 0; i < count; i++) {
                int at = i * columns;
                int seen = visible(first + i);
                float max = VectorMath.max(p.data, at, seen);
                expRow(p.data, at, seen, columns, max);
                float sum = VectorMath.sum(p.data, at, seen, lanes);
                logSumExp.data[(row + i) * logSumExp.cols() + h] = max + (float) Math.log(sum);
                sums[i] = sum;
            }
            F32Tensor mixed = mixedRoom.tensor(count, dim);
            MATMUL.backwardInput(p, firstRows(values, columns), mixed, 1, false);
            float[] outs = out.floats();
            for (int i = 0; i < count; i++) {
                int at = out.at(row + i, h);
                for (int d = 0; d < dim; d++) {
                    outs[at + d] = mixed.data[i * dim + d] / sums[i];
                }
            }
        }

        /** Exponentials of the keys that are seen, zeros for the others of the row. */
        private void expRow(float[] p, int at, int seen, int columns, float shift) {
            int whole = seen / VectorMath.LANES * VectorMath.LANES;
            VectorMath.exp(p, at, whole, shift);
            System.arraycopy(p, at + whole, lanes, 0, seen - whole);
            VectorMath.exp(lanes, 0, seen - whole, shift);
            System.arraycopy(lanes, 0, p, at + whole, seen - whole);
            Arrays.fill(p, at + seen, at + columns, 0f);
        }

        void backward(
                int h,
                int first,
                Heads q,
                Heads out,
                F32Tensor logSumExp,
                Heads dOut,
                Heads dq,
                F32Tensor dKeys,
                F32Tensor dValues) {
            int dim = shape.headDim();
            int count = blockSize(first);
            int row = span.queryStart() + first;
            int columns = visible(first + count - 1);
            F32Tensor queries = copyRows(q, row, h, count, dim, queryRoom);
            F32Tensor dMixed = copyRows(dOut, row, h, count, dim, dMixedRoom);
            F32Tensor mixed = copyRows(out, row, h, count, dim, mixedRoom);
            F32Tensor p = probabilities.tensor(count, columns);
            MATMUL.forward(queries, firstRows(keys, columns), p, shape.scale(), false);
            F32Tensor ds = dScores.tensor(count, columns);
            MATMUL.forward(dMixed, firstRows(values, columns), ds, 1, false);
            for (int i = 0; i < count; i++) {
                int at = i * columns;
                float logSum = logSumExp.data[(row + i) * logSumExp.cols() + h];
                expRow(p.data, at, visible(first + i), columns, logSum);
                // Σ_j p_j·dp_j, which is also Σ_d out_d·dOut_d
                float mean = VectorMath.dot(mixed.data, i * dim, dMixed.data, i * dim, dim, lanes);
                for (int j = 0; j < columns; j++) {
                    ds.data[at + j] = p.data[at + j] * (ds.data[at + j] - mean);
                }
            }
            MATMUL.backwardWeight(p, dMixed, firstRows(dValues, columns), 1, true);
            MATMUL.backwardWeight(ds, queries, firstRows(dKeys, columns), shape.scale(), true);
            F32Tensor dQueries = mixedRoom.tensor(count, dim);
            MATMUL.backwardInput(ds, firstRows(keys, columns), dQueries, shape.scale(), false);
            addRows(dQueries, dq, row, h);
        }
    }
}
