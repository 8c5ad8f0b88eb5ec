package dev.cairn.tensor.matmul;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.Tensor;
import java.util.Arrays;

/**
 * Packs a block of a matrix into panels: {@code [i / width][k][i % width]}, so that the
 * micro-kernel reads each factor as one forward stream. Missing rows in the last panel are zeros.
 */
final class Panels {
    /** Rows transposed at a time; every panel width is a multiple of it. */
    private static final int STRIP = 8;

    /** Rows copied before the next strip, few enough that source and target stay in the cache. */
    private static final int CHUNK = 16;

    private Panels() {}

    /** The memory layout of a factor with respect to the summed index k. */
    enum Layout {
        /** Element (i, k) is {@code t[i, k]}. */
        ROWS,
        /** Element (i, k) is {@code t[k, i]}. */
        COLUMNS
    }

    /** The maximum length of scratch that {@link #pack} needs. */
    static int scratch(int count, int depth) {
        return Math.max(STRIP * depth, CHUNK * count);
    }

    /**
     * Packs elements {@code i0 <= i < i0 + count}, {@code k0 <= k < k0 + depth}.
     *
     * @param lines scratch for tensors that are not floats on the heap
     */
    static void pack(
            Tensor t,
            Layout layout,
            int i0,
            int count,
            int k0,
            int depth,
            int width,
            float[] panels,
            float[] lines) {
        if (layout == Layout.ROWS) {
            packRows(t, i0, count, k0, depth, width, panels, lines);
        } else {
            packColumns(t, i0, count, k0, depth, width, panels, lines);
        }
        int used = count % width;
        if (used > 0) {
            zero(panels, (count - used) * depth, depth, width, used);
        }
    }

    private static void packRows(
            Tensor t,
            int i0,
            int count,
            int k0,
            int depth,
            int width,
            float[] panels,
            float[] lines) {
        if (t instanceof Int8Tensor q && Int8Panels.isPossible(i0, width)) {
            Int8Panels.pack(q, i0, count, k0, depth, panels);
            return;
        }
        for (int i = 0; i < count; i += STRIP) {
            int rows = Math.min(STRIP, count - i);
            int to = i / width * width * depth + i % width;
            if (t instanceof F32Tensor f) {
                turn(f.data, (i0 + i) * t.cols() + k0, t.cols(), rows, depth, panels, to, width);
                continue;
            }
            for (int r = 0; r < rows; r++) {
                t.read(i0 + i + r, k0, depth, lines, r * depth);
            }
            turn(lines, 0, depth, rows, depth, panels, to, width);
        }
    }

    /** {@code panels[to + k·width + r] = in[at + r·stride + k]} for {@code rows} rows r. */
    private static void turn(
            float[] in,
            int at,
            int stride,
            int rows,
            int depth,
            float[] panels,
            int to,
            int width) {
        if (rows == STRIP) {
            turnStrip(in, at, stride, depth, panels, to, width);
            return;
        }
        for (int r = 0; r < rows; r++) {
            for (int k = 0; k < depth; k++) {
                panels[to + k * width + r] = in[at + r * stride + k];
            }
        }
    }

    private static void turnStrip(
            float[] in, int at, int stride, int depth, float[] panels, int to, int width) {
        int r1 = at + stride;
        int r2 = r1 + stride;
        int r3 = r2 + stride;
        int r4 = r3 + stride;
        int r5 = r4 + stride;
        int r6 = r5 + stride;
        int r7 = r6 + stride;
        for (int k = 0; k < depth; k++) {
            int p = to + k * width;
            panels[p] = in[at + k];
            panels[p + 1] = in[r1 + k];
            panels[p + 2] = in[r2 + k];
            panels[p + 3] = in[r3 + k];
            panels[p + 4] = in[r4 + k];
            panels[p + 5] = in[r5 + k];
            panels[p + 6] = in[r6 + k];
            panels[p + 7] = in[r7 + k];
        }
    }

    private static void packColumns(
            Tensor t,
            int i0,
            int count,
            int k0,
            int depth,
            int width,
            float[] panels,
            float[] lines) {
        for (int k = 0; k < depth; k += CHUNK) {
            int rows = Math.min(CHUNK, depth - k);
            if (t instanceof F32Tensor f) {
                int at = (k0 + k) * t.cols() + i0;
                copy(f.data, at, t.cols(), rows, count, panels, k * width, depth, width);
                continue;
            }
            for (int r = 0; r < rows; r++) {
                t.read(k0 + k + r, i0, count, lines, r * count);
            }
            copy(lines, 0, count, rows, count, panels, k * width, depth, width);
        }
    }

    /** Copies {@code count} columns of {@code rows} rows to their places in the panels. */
    private static void copy(
            float[] in,
            int at,
            int stride,
            int rows,
            int count,
            float[] panels,
            int to,
            int depth,
            int width) {
        int i = 0;
        for (; i + STRIP <= count; i += STRIP) {
            copyStrip(
                    in,
                    at + i,
                    stride,
                    rows,
                    panels,
                    to + i / width * width * depth + i % width,
                    width);
        }
        for (; i < count; i++) {
            for (int r = 0; r < rows; r++) {
                panels[to + i / width * width * depth + i % width + r * width] =
                        in[at + i + r * stride];
            }
        }
    }

    private static void copyStrip(
            float[] in, int at, int stride, int rows, float[] panels, int to, int width) {
        for (int r = 0; r < rows; r++) {
            int from = at + r * stride;
            int p = to + r * width;
            panels[p] = in[from];
            panels[p + 1] = in[from + 1];
            panels[p + 2] = in[from + 2];
            panels[p + 3] = in[from + 3];
            panels[p + 4] = in[from + 4];
            panels[p + 5] = in[from + 5];
            panels[p + 6] = in[from + 6];
            panels[p + 7] = in[from + 7];
        }
    }

    /** Fills a panel with zeros from column {@code used} on. */
    private static void zero(float[] panels, int at, int depth, int width, int used) {
        for (int k = 0; k < depth; k++) {
            Arrays.fill(panels, at + k * width + used, at + (k + 1) * width, 0f);
        }
    }
}
