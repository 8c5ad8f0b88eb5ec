package dev.cairn.tensor.matmul;

import dev.cairn.tensor.ColdStart;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The size of the tiles of the fast matrix product, 8 rows by two vectors ({@link StridedTile}),
 * and the kernel of those at the edges, which have fewer rows or columns: half a tile. Each element
 * is summed in order of k, so results do not depend on how the work is split.
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
     * Computes half a tile, one vector wide, with an unpacked left factor: {@code tile[i, j] = Σ_k
     * a[i, k] · b[k, j]}.
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
}
