package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.matmul.MicroKernel;
import dev.cairn.tensor.matmul.StridedTile;
import java.util.Arrays;

/**
 * Attention of one head of one span: its keys and values, packed, and scratch memory for one block
 * of queries. All data is padded with zeros to whole tiles, so there are no partial tiles. Belongs
 * to {@link VectorAttention}.
 */
final class AttentionTask {
    /**
     * Queries per block, a compromise: smaller blocks waste less above the diagonal, larger ones
     * make longer products.
     */
    static final int BLOCK = 64;

    private static final int ROWS = MicroKernel.ROWS;
    private static final int COLS = MicroKernel.COLS;

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

    AttentionTask(Shape shape) {
        turnTo(shape);
    }

    /** Prepares for another attention shape; arrays are reused, their contents discarded. */
    void turnTo(Shape next) {
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
            float[] a, float[] panels, int first, int count, int columns, double alpha, float[] c) {
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
            float[] p, float[] rows, int first, int count, int columns, double alpha, float[] c) {
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
            float[] p, float[] rows, int first, int count, int columns, double alpha, float[] c) {
        for (int j = 0; j < columns; j += ROWS) {
            // From the first query that sees key j to the last that sees any of the tile.
            int from = Math.max(0, j + 1 - visible(first));
            int until = (int) Math.min(count, (long) j + ROWS + shape.window() - visible(first));
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
     * Exponentials of the scores of the {@code seen} keys after the {@code hidden} ones, and zeros
     * for the rest of the row.
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

    void backward(int h, int first, Heads q, Heads out, F32Tensor logSumExp, Heads dOut, Heads dq) {
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
