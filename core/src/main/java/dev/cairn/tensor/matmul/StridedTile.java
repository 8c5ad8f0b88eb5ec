package dev.cairn.tensor.matmul;

import static dev.cairn.tensor.matmul.MicroKernel.LANES;
import static dev.cairn.tensor.matmul.MicroKernel.SPECIES;

import dev.cairn.tensor.ColdStart;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The kernel of matrix products and of attention: a tile of 8 rows by two vectors that stays in
 * registers during the loop over the summed index. Eight or sixteen accumulators hide the latency
 * of the multiply-add. The strides of the left factor are free, so it can be read where it lies,
 * along rows or columns: copying it would cost up to a tenth of multiplying.
 *
 * <p>Unrolled by hand, because vectors in an array would be kept in memory.
 */
public final class StridedTile {
    /**
     * Whether a tile is computed in two halves of four rows: vectors of 256 bits are AVX2's, which
     * has 16 registers, and a whole tile would keep three of its 19 values in memory.
     */
    private static final boolean IN_HALVES = LANES == 8;

    private static final int HALF = MicroKernel.ROWS / 2;

    private StridedTile() {}

    /**
     * {@code c[i, j] (+)= alpha · Σ_k a[i, k] · b[k, j]} for 8 rows i and {@link MicroKernel#COLS}
     * columns j; each element is summed in order of k.
     *
     * @param aRow stride of a in i
     * @param aStep stride of a in k
     * @param bStep stride of b in k; columns are adjacent
     * @param cRow stride of c in i
     */
    public static void multiply(
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            float alpha,
            boolean accumulate) {
        if (ColdStart.usesLoops((long) MicroKernel.ROWS * MicroKernel.COLS * depth)) {
            loops(a, aAt, aRow, aStep, b, bAt, bStep, depth, c, cAt, cRow, alpha, accumulate);
        } else if (IN_HALVES) {
            int aNext = aAt + HALF * aRow;
            int cNext = cAt + HALF * cRow;
            halfOfRows(a, aAt, aRow, aStep, b, bAt, bStep, depth, c, cAt, cRow, alpha, accumulate);
            halfOfRows(
                    a, aNext, aRow, aStep, b, bAt, bStep, depth, c, cNext, cRow, alpha, accumulate);
        } else {
            vectors(a, aAt, aRow, aStep, b, bAt, bStep, depth, c, cAt, cRow, alpha, accumulate);
        }
    }

    /**
     * {@link #multiply} without vectors; several independent sums hide the latency of additions.
     */
    private static void loops(
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            float alpha,
            boolean accumulate) {
        float[] sums = new float[MicroKernel.COLS];
        for (int i = 0; i < MicroKernel.ROWS; i++) {
            Arrays.fill(sums, 0);
            for (int k = 0; k < depth; k++) {
                float x = a[aAt + i * aRow + k * aStep];
                int row = bAt + k * bStep;
                for (int j = 0; j < MicroKernel.COLS; j++) {
                    sums[j] = Math.fma(x, b[row + j], sums[j]);
                }
            }
            int to = cAt + i * cRow;
            for (int j = 0; j < MicroKernel.COLS; j++) {
                c[to + j] = accumulate ? Math.fma(sums[j], alpha, c[to + j]) : sums[j] * alpha;
            }
        }
    }

    /** The kernel for four rows. */
    private static void halfOfRows(
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            float alpha,
            boolean accumulate) {
        FloatVector l0 = FloatVector.zero(SPECIES);
        FloatVector r0 = l0;
        FloatVector l1 = l0;
        FloatVector r1 = l0;
        FloatVector l2 = l0;
        FloatVector r2 = l0;
        FloatVector l3 = l0;
        FloatVector r3 = l0;
        int a2 = 2 * aRow;
        int a3 = 3 * aRow;
        int at = aAt;
        int from = bAt;
        for (int k = 0; k < depth; k++, at += aStep, from += bStep) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, from);
            FloatVector right = FloatVector.fromArray(SPECIES, b, from + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(SPECIES, a[at + aRow]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(SPECIES, a[at + a2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(SPECIES, a[at + a3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
        }
        int c1 = cAt + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
        if (accumulate) {
            l0.fma(factor, FloatVector.fromArray(SPECIES, c, cAt)).intoArray(c, cAt);
            r0.fma(factor, FloatVector.fromArray(SPECIES, c, cAt + LANES))
                    .intoArray(c, cAt + LANES);
            l1.fma(factor, FloatVector.fromArray(SPECIES, c, c1)).intoArray(c, c1);
            r1.fma(factor, FloatVector.fromArray(SPECIES, c, c1 + LANES)).intoArray(c, c1 + LANES);
            l2.fma(factor, FloatVector.fromArray(SPECIES, c, c2)).intoArray(c, c2);
            r2.fma(factor, FloatVector.fromArray(SPECIES, c, c2 + LANES)).intoArray(c, c2 + LANES);
            l3.fma(factor, FloatVector.fromArray(SPECIES, c, c3)).intoArray(c, c3);
            r3.fma(factor, FloatVector.fromArray(SPECIES, c, c3 + LANES)).intoArray(c, c3 + LANES);
            return;
        }
        l0.mul(factor).intoArray(c, cAt);
        r0.mul(factor).intoArray(c, cAt + LANES);
        l1.mul(factor).intoArray(c, c1);
        r1.mul(factor).intoArray(c, c1 + LANES);
        l2.mul(factor).intoArray(c, c2);
        r2.mul(factor).intoArray(c, c2 + LANES);
        l3.mul(factor).intoArray(c, c3);
        r3.mul(factor).intoArray(c, c3 + LANES);
    }

    /** The kernel. */
    private static void vectors(
            float[] a,
            int aAt,
            int aRow,
            int aStep,
            float[] b,
            int bAt,
            int bStep,
            int depth,
            float[] c,
            int cAt,
            int cRow,
            float alpha,
            boolean accumulate) {
        FloatVector l0 = FloatVector.zero(SPECIES);
        FloatVector r0 = l0;
        FloatVector l1 = l0;
        FloatVector r1 = l0;
        FloatVector l2 = l0;
        FloatVector r2 = l0;
        FloatVector l3 = l0;
        FloatVector r3 = l0;
        FloatVector l4 = l0;
        FloatVector r4 = l0;
        FloatVector l5 = l0;
        FloatVector r5 = l0;
        FloatVector l6 = l0;
        FloatVector r6 = l0;
        FloatVector l7 = l0;
        FloatVector r7 = l0;
        int a1 = aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int a4 = a3 + aRow;
        int a5 = a4 + aRow;
        int a6 = a5 + aRow;
        int a7 = a6 + aRow;
        int at = aAt;
        int from = bAt;
        for (int k = 0; k < depth; k++, at += aStep, from += bStep) {
            FloatVector left = FloatVector.fromArray(SPECIES, b, from);
            FloatVector right = FloatVector.fromArray(SPECIES, b, from + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
            l0 = x.fma(left, l0);
            r0 = x.fma(right, r0);
            x = FloatVector.broadcast(SPECIES, a[at + a1]);
            l1 = x.fma(left, l1);
            r1 = x.fma(right, r1);
            x = FloatVector.broadcast(SPECIES, a[at + a2]);
            l2 = x.fma(left, l2);
            r2 = x.fma(right, r2);
            x = FloatVector.broadcast(SPECIES, a[at + a3]);
            l3 = x.fma(left, l3);
            r3 = x.fma(right, r3);
            x = FloatVector.broadcast(SPECIES, a[at + a4]);
            l4 = x.fma(left, l4);
            r4 = x.fma(right, r4);
            x = FloatVector.broadcast(SPECIES, a[at + a5]);
            l5 = x.fma(left, l5);
            r5 = x.fma(right, r5);
            x = FloatVector.broadcast(SPECIES, a[at + a6]);
            l6 = x.fma(left, l6);
            r6 = x.fma(right, r6);
            x = FloatVector.broadcast(SPECIES, a[at + a7]);
            l7 = x.fma(left, l7);
            r7 = x.fma(right, r7);
        }
        int to = cAt;
        if (accumulate) {
            FloatVector factor = FloatVector.broadcast(SPECIES, alpha);
            l0.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r0.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l1.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r1.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l2.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r2.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l3.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r3.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l4.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r4.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l5.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r5.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l6.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r6.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            to += cRow;
            l7.fma(factor, FloatVector.fromArray(SPECIES, c, to)).intoArray(c, to);
            r7.fma(factor, FloatVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
            return;
        }
        l0.mul(alpha).intoArray(c, to);
        r0.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l1.mul(alpha).intoArray(c, to);
        r1.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l2.mul(alpha).intoArray(c, to);
        r2.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l3.mul(alpha).intoArray(c, to);
        r3.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l4.mul(alpha).intoArray(c, to);
        r4.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l5.mul(alpha).intoArray(c, to);
        r5.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l6.mul(alpha).intoArray(c, to);
        r6.mul(alpha).intoArray(c, to + LANES);
        to += cRow;
        l7.mul(alpha).intoArray(c, to);
        r7.mul(alpha).intoArray(c, to + LANES);
    }
}
