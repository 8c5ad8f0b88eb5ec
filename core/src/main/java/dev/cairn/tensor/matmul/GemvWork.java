package dev.cairn.tensor.matmul;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.VectorMath;
import dev.cairn.tensor.block.BlockScratch;

/**
 * Shared parts of the products of few rows: distribution of rows to threads, scratch memory and
 * storing of results.
 */
final class GemvWork {
    private static final int LANES = VectorMath.LANES;

    /** Rows of inputs that share each loaded weight. */
    static final int TILE = BlockScratch.TILE;

    /** Weights that are a chunk of work at least: a microsecond or more. */
    private static final int CHUNK = 1 << 15;

    /** Chunks per thread, so that one that is delayed does not hold up the others for long. */
    private static final int CHUNKS = 4;

    /** Number of weights below which a second thread costs more than it saves. */
    private static final long SMALL = 1 << 15;

    /** Scratch memory of one thread. */
    static final class Scratch {
        final float[] lanes = new float[Math.max(Bf16Gemv.MAX_ROWS * LANES, F32Tile.LANES_NEEDED)];
        float[] sums = new float[0];
        float[] line = new float[0];

        /** Only there so that the compiler cannot remove the prefetching reads. */
        int touched;

        void reserve(int rows, int cols) {
            if (sums.length < rows) {
                sums = new float[rows];
            }
            if (line.length < cols) {
                line = new float[cols];
            }
        }
    }

    static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private GemvWork() {}

    /**
     * How many of the rows are computed in tiles of four. A remainder of three is computed as a
     * tile too; a smaller one is not worth it. The bits do not depend on this.
     */
    static int tiled(int rows) {
        int rest = rows % TILE;
        return rest == TILE - 1 ? rows : rows - rest;
    }

    /** The destination of row sums. */
    record Result(F32Tensor y, float alpha, boolean accumulate) {
        void put(int m, int n, float sum) {
            int at = m * y.cols() + n;
            y.data[at] = alpha * sum + (accumulate ? y.data[at] : 0);
        }

        /** Stores the sums of a tile. */
        void putTile(int m, int inputs, int row, int apart, int count, float[] sums) {
            for (int i = 0; i < inputs; i++) {
                for (int r = 0; r < count; r++) {
                    put(m + i, row + r * apart, sums[TILE * r + i]);
                }
            }
        }
    }

    /** Distributes {@code count} blocks of {@code rows} rows to threads. */
    static void share(Tensor w, int count, int rows, ThreadPool.Range body) {
        long block = Math.max(1, (long) rows * w.cols());
        if (block * count < SMALL) {
            body.run(0, count);
        } else {
            long share = block * count / (CHUNKS * ThreadPool.threads());
            ThreadPool.chunks(count, (int) Math.max(1, Math.max(CHUNK, share) / block), body);
        }
    }
}
