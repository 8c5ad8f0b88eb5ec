package dev.cairn.tensor;

/**
 * Packs a block of a matrix into panels: {@code [i / width][k][i % width]}, so that the micro
 * kernel reads both factors in one forward stream. Rows missing in the last panel are zeros.
 */
final class Panels {
    private Panels() {}

    /** How a factor lies in memory with respect to the summed index k. */
    enum Layout {
        /** Element (i, k) is {@code t[i, k]}. */
        ROWS,
        /** Element (i, k) is {@code t[k, i]}. */
        COLUMNS
    }

    /** Packs elements {@code i0 <= i < i0 + count}, {@code k0 <= k < k0 + depth}. */
    static void pack(
            Tensor t,
            Layout layout,
            int i0,
            int count,
            int k0,
            int depth,
            int width,
            float[] panels,
            float[] line) {
        int padded = Math.ceilDiv(count, width) * width;
        if (layout == Layout.ROWS) {
            for (int i = 0; i < count; i++) {
                t.read(i0 + i, k0, depth, line, 0);
                scatter(line, depth, panels, (i / width) * width * depth + i % width, width);
            }
            for (int i = count; i < padded; i++) {
                zero(depth, panels, (i / width) * width * depth + i % width, width);
            }
            return;
        }
        for (int k = 0; k < depth; k++) {
            t.read(k0 + k, i0, count, line, 0);
            for (int i = count; i < padded; i++) {
                line[i] = 0;
            }
            for (int i = 0; i < padded; i += width) {
                System.arraycopy(line, i, panels, i * depth + k * width, width);
            }
        }
    }

    private static void scatter(float[] line, int depth, float[] panels, int at, int stride) {
        for (int k = 0; k < depth; k++) {
            panels[at + k * stride] = line[k];
        }
    }

    private static void zero(int depth, float[] panels, int at, int stride) {
        for (int k = 0; k < depth; k++) {
            panels[at + k * stride] = 0;
        }
    }
}
