package dev.cairn.tensor.matmul;

import dev.cairn.tensor.ColdStart;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernel of the fast matrix product: a tile of 8 rows by two vectors that stays in
 * registers during the loop over the summed index. Sixteen accumulators hide the latency of the
 * multiply-add; each element is summed in order of k, so results do not depend on how the work is
 * split.
 *
 * <p>Unrolled by hand, because vectors in an array would be kept in memory.
 */
public final class MicroKernel {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /** Rows of a tile: the width of a packed panel of the left factor. */
    public static final int ROWS = 8;

    /** Columns of a tile: the width of a packed panel of the right factor. */
    public static final int COLS = 2 * LANES;

    private MicroKernel() {}

    /**
     * {@code tile[i, j] = Σ_k a[k, i] · b[k, j]}.
     *
     * @param a panel {@code [depth, ROWS]} from {@code aAt}
     * @param b panel {@code [depth, COLS]} from {@code bAt}
     * @param tile {@code [ROWS, COLS]}, overwritten
     */
    static void run(float[] a, int aAt, float[] b, int bAt, int depth, float[] tile) {
        if (ColdStart.usesLoops((long) ROWS * COLS * depth)) {
            loops(a, aAt, b, bAt, depth, tile);
        } else {
            vectors(a, aAt, b, bAt, depth, tile);
        }
    }

    /** {@link #run} without vectors; several independent sums hide the latency of additions. */
    private static void loops(float[] a, int aAt, float[] b, int bAt, int depth, float[] tile) {
        Arrays.fill(tile, 0, ROWS * COLS, 0);
        for (int i = 0; i < ROWS; i++) {
            for (int k = 0; k < depth; k++) {
                float x = a[aAt + k * ROWS + i];
                for (int j = 0; j < COLS; j++) {
                    tile[i * COLS + j] = Math.fma(x, b[bAt + k * COLS + j], tile[i * COLS + j]);
                }
            }
        }
    }

    private static void vectors(float[] a, int aAt, float[] b, int bAt, int depth, float[] tile) {
        FloatVector l0 = FloatVector.zero(SPECIES);
        FloatVector r0 = FloatVector.zero(SPECIES);
        FloatVector l1 = FloatVector.zero(SPECIES);
        FloatVector r1 = FloatVector.zero(SPECIES);
        FloatVector l2 = FloatVector.zero(SPECIES);
        FloatVector r2 = FloatVector.zero(SPECIES);
        FloatVector l3 = FloatVector.zero(SPECIES);
        FloatVector r3 = FloatVector.zero(SPECIES);
        FloatVector l4 = FloatVector.zero(SPECIES);
        FloatVector r4 = FloatVector.zero(SPECIES);
        FloatVector l5 = FloatVector.zero(SPECIES);
        FloatVector r5 = FloatVector.zero(SPECIES);
        FloatVector l6 = FloatVector.zero(SPECIES);
        FloatVector r6 = FloatVector.zero(SPECIES);
        FloatVector l7 = FloatVector.zero(SPECIES);
        FloatVector r7 = FloatVector.zero(SPECIES);
        int ai = aAt;
        int bi = bAt;
        for (int k = 0; k < depth; k++, ai += ROWS, bi += COLS) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, bi);
            FloatVector right = FloatVector.fromArray(SPECIES, b, bi + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[ai]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(SPECIES, a[ai + 1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(SPECIES, a[ai + 2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(SPECIES, a[ai + 3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(SPECIES, a[ai + 4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(SPECIES, a[ai + 5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(SPECIES, a[ai + 6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = FloatVector.broadcast(SPECIES, a[ai + 7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
        }
        l0.intoArray(tile, 0 * LANES);
        r0.intoArray(tile, 1 * LANES);
        l1.intoArray(tile, 2 * LANES);
        r1.intoArray(tile, 3 * LANES);
        l2.intoArray(tile, 4 * LANES);
        r2.intoArray(tile, 5 * LANES);
        l3.intoArray(tile, 6 * LANES);
        r3.intoArray(tile, 7 * LANES);
        l4.intoArray(tile, 8 * LANES);
        r4.intoArray(tile, 9 * LANES);
        l5.intoArray(tile, 10 * LANES);
        r5.intoArray(tile, 11 * LANES);
        l6.intoArray(tile, 12 * LANES);
        r6.intoArray(tile, 13 * LANES);
        l7.intoArray(tile, 14 * LANES);
        r7.intoArray(tile, 15 * LANES);
    }

    /**
     * Computes half a tile, one vector wide, with an unpacked left factor: {@code tile[i, j] = Σ_k
     * a[i, k] · b[k, j]}. For products so narrow that packed values would be read only once or
     * twice.
     *
     * @param a rows of at least {@code depth} values, the first from {@code aAt}
     * @param stride distance between rows of {@code a}
     * @param rows number of rows available; if fewer than {@code ROWS}, the last one is read again
     * @param b panel {@code [depth, COLS]}, whose half begins at {@code bAt}
     * @param tile {@code [ROWS, COLS]}, whose half begins at {@code tileAt}
     */
    static void runHalf(
            float[] a,
            int aAt,
            int stride,
            int rows,
            float[] b,
            int bAt,
            int depth,
            float[] tile,
            int tileAt) {
        if (!ColdStart.usesLoops((long) ROWS * LANES * depth)) {
            halfVectors(a, aAt, stride, rows, b, bAt, depth, tile, tileAt);
            return;
        }
        for (int i = 0; i < ROWS; i++) {
            int row = aAt + Math.min(i, rows - 1) * stride;
            int to = tileAt + i * COLS;
            Arrays.fill(tile, to, to + LANES, 0);
            for (int k = 0; k < depth; k++) {
                for (int j = 0; j < LANES; j++) {
                    tile[to + j] = Math.fma(a[row + k], b[bAt + k * COLS + j], tile[to + j]);
                }
            }
        }
    }

    private static void halfVectors(
            float[] a,
            int aAt,
            int stride,
            int rows,
            float[] b,
            int bAt,
            int depth,
            float[] tile,
            int tileAt) {
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = FloatVector.zero(SPECIES);
        FloatVector c2 = FloatVector.zero(SPECIES);
        FloatVector c3 = FloatVector.zero(SPECIES);
        FloatVector c4 = FloatVector.zero(SPECIES);
        FloatVector c5 = FloatVector.zero(SPECIES);
        FloatVector c6 = FloatVector.zero(SPECIES);
        FloatVector c7 = FloatVector.zero(SPECIES);
        int a1 = aAt + Math.min(1, rows - 1) * stride;
        int a2 = aAt + Math.min(2, rows - 1) * stride;
        int a3 = aAt + Math.min(3, rows - 1) * stride;
        int a4 = aAt + Math.min(4, rows - 1) * stride;
        int a5 = aAt + Math.min(5, rows - 1) * stride;
        int a6 = aAt + Math.min(6, rows - 1) * stride;
        int a7 = aAt + Math.min(7, rows - 1) * stride;
        for (int k = 0; k < depth; k++) {
            FloatVector right = FloatVector.fromArray(SPECIES, b, bAt + k * COLS);
            c0 = FloatVector.broadcast(SPECIES, a[aAt + k]).fma(right, c0);
            c1 = FloatVector.broadcast(SPECIES, a[a1 + k]).fma(right, c1);
            c2 = FloatVector.broadcast(SPECIES, a[a2 + k]).fma(right, c2);
            c3 = FloatVector.broadcast(SPECIES, a[a3 + k]).fma(right, c3);
            c4 = FloatVector.broadcast(SPECIES, a[a4 + k]).fma(right, c4);
            c5 = FloatVector.broadcast(SPECIES, a[a5 + k]).fma(right, c5);
            c6 = FloatVector.broadcast(SPECIES, a[a6 + k]).fma(right, c6);
            c7 = FloatVector.broadcast(SPECIES, a[a7 + k]).fma(right, c7);
        }
        c0.intoArray(tile, tileAt + 0 * COLS);
        c1.intoArray(tile, tileAt + 1 * COLS);
        c2.intoArray(tile, tileAt + 2 * COLS);
        c3.intoArray(tile, tileAt + 3 * COLS);
        c4.intoArray(tile, tileAt + 4 * COLS);
        c5.intoArray(tile, tileAt + 5 * COLS);
        c6.intoArray(tile, tileAt + 6 * COLS);
        c7.intoArray(tile, tileAt + 7 * COLS);
    }

    /** {@code c[i, j] = alpha · tile[i, j]}, or added to {@code c}, for a whole tile. */
    static void store(
            float[] tile, float[] c, int at, int stride, float alpha, boolean accumulate) {
        if (ColdStart.usesLoops(ROWS * COLS)) {
            storeInLoops(tile, c, at, stride, alpha, accumulate);
            return;
        }
        for (int i = 0; i < ROWS; i++) {
            int to = at + i * stride;
            FloatVector left = FloatVector.fromArray(SPECIES, tile, i * COLS).mul(alpha);
            FloatVector right = FloatVector.fromArray(SPECIES, tile, i * COLS + LANES).mul(alpha);
            if (accumulate) {
                left = left.add(FloatVector.fromArray(SPECIES, c, to));
                right = right.add(FloatVector.fromArray(SPECIES, c, to + LANES));
            }
            left.intoArray(c, to);
            right.intoArray(c, to + LANES);
        }
    }

    private static void storeInLoops(
            float[] tile, float[] c, int at, int stride, float alpha, boolean accumulate) {
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < COLS; j++) {
                float value = tile[i * COLS + j] * alpha;
                int to = at + i * stride + j;
                c[to] = accumulate ? value + c[to] : value;
            }
        }
    }
}
