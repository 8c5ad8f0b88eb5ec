package dev.cairn.tensor.onednn;

import dev.cairn.tensor.BlockTensor;
import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.onednn.OneDnn.Type;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * One product by oneDNN, split into blocks.
 *
 * <p>Rows are staged in native memory, a block at a time: native code must not touch the heap,
 * whose objects the garbage collector may move, and a block of this size stays in the second-level
 * cache. Inputs are rounded to bfloat16, if at all, on the way in; results are added to existing
 * values on the way out. The split into blocks depends only on the shape, and each block is
 * computed by one thread, so results do not depend on the number of threads.
 */
final class BlockedProduct {
    /** Maximum number of rows per block. */
    private static final int ROWS = 256;

    /**
     * Rows of a block are padded to a multiple of this, so that not every length needs its own
     * code.
     */
    private static final int ROW_UNIT = 16;

    private static final int COARSE_UNIT = 64;

    /** Maximum number of columns, and of summed products, per call. */
    private static final int SPAN = 4096;

    /** Columns per block when there are not enough rows to keep all threads busy. */
    private static final int NARROW = 512;

    private static final int COLUMN_UNIT = 64;

    /** Weights that are dequantised at a time: a megabyte of floats. */
    private static final int TILE = 1 << 18;

    /**
     * What is multiplied: {@code c = a·b + bias}.
     *
     * @param isTransposed whether the weights b are read as their transpose
     * @param accumulate whether to add to what stands in c
     * @param bias empty for none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Operands(
            F32Tensor a,
            Tensor b,
            boolean isTransposed,
            F32Tensor c,
            boolean accumulate,
            float[] bias) {}

    private final OneDnn library;
    private final boolean inBf16;
    private final ConcurrentLinkedDeque<Stage> idle;
    private final F32Tensor a;
    private final Tensor b;
    private final boolean isTransposed;
    private final F32Tensor c;
    private final boolean accumulate;
    private final float[] bias;
    private final Type weightType;
    private final Type inType;
    private final int rowsPerBlock;
    private final int colsPerBlock;

    /**
     * @param inBf16 whether to round inputs that are multiplied with bfloat16 weights to bfloat16,
     *     and weights in blocks too
     * @param idle memory that no thread uses at the moment
     */
    BlockedProduct(
            OneDnn library, boolean inBf16, ConcurrentLinkedDeque<Stage> idle, Operands operands) {
        this.library = library;
        this.inBf16 = inBf16;
        this.idle = idle;
        this.a = operands.a();
        this.b = operands.b();
        this.isTransposed = operands.isTransposed();
        this.c = operands.c();
        this.accumulate = operands.accumulate();
        this.bias = operands.bias();
        this.weightType = type(b);
        this.inType = inBf16 && weightType == Type.BF16 ? Type.BF16 : Type.F32;
        this.rowsPerBlock = Math.min(ROWS, padded(c.rows()));
        this.colsPerBlock = colsPerBlock();
    }

    /** The format in which oneDNN reads weights. */
    private Type type(Tensor weights) {
        if (weights instanceof MappedTensor mapped) {
            return switch (mapped.format) {
                case F32 -> Type.F32;
                case BF16 -> Type.BF16;
                case F16 -> Type.F16;
            };
        }
        return inBf16 ? Type.BF16 : Type.F32;
    }

    private int colsPerBlock() {
        int cols = c.cols();
        if (b instanceof BlockTensor blocks) {
            int widest = Math.clamp(TILE / Math.min(SPAN, a.cols()), 1, NARROW);
            // Whole blocks of a row of weights, where these are the columns.
            int unit = isTransposed ? COLUMN_UNIT : Math.max(COLUMN_UNIT, blocks.format.size());
            return evenly(cols, 2 * Math.ceilDiv(cols, 2 * widest), unit);
        }
        int count = c.rows() <= ROWS ? evenCount(cols) : Math.ceilDiv(cols, SPAN);
        return evenly(cols, count, COLUMN_UNIT);
    }

    private static int padded(int rows) {
        int unit = rows <= COARSE_UNIT ? ROW_UNIT : COARSE_UNIT;
        return Math.ceilDiv(rows, unit) * unit;
    }

    /**
     * The number of narrow blocks, made even: with an odd number, one of two threads would do more
     * work.
     */
    private static int evenCount(int cols) {
        return Math.ceilDiv(cols, 2 * NARROW) * 2;
    }

    /** Columns per block for this many blocks of about equal size. */
    private static int evenly(int cols, int blocks, int unit) {
        int block = Math.ceilDiv(cols, blocks);
        return Math.min(cols, Math.ceilDiv(block, unit) * unit);
    }

    /**
     * Computes the product if oneDNN supports all products that the blocks need; returns whether it
     * did.
     */
    boolean run() {
        int rowBlocks = Math.ceilDiv(c.rows(), rowsPerBlock);
        int colBlocks = Math.ceilDiv(c.cols(), colsPerBlock);
        if (product(0, 0, 0).isEmpty()) {
            return false;
        }
        if (rowBlocks == 1 && a.cols() <= SPAN) {
            runTogether(colBlocks);
        } else {
            runApart(rowBlocks, colBlocks);
        }
        return true;
    }

    /** All threads work on the same rows, staged once; a free thread takes the next columns. */
    private void runTogether(int colBlocks) {
        Stage rows = take();
        MemorySegment in = rows.in((long) padded(c.rows()) * a.cols() * inType.bytes);
        ThreadPool.parallel(
                c.rows(),
                ROW_UNIT,
                (from, to) -> {
                    copyIn(from, to - from, 0, a.cols(), in, from);
                });
        ThreadPool.chunks(
                colBlocks,
                1,
                (from, to) -> {
                    Stage stage = take();
                    for (int i = from; i < to; i++) {
                        part(in, stage, 0, i * colsPerBlock, 0);
                    }
                    idle.push(stage);
                });
        idle.push(rows);
    }

    /** Every thread works on its own rows. */
    private void runApart(int rowBlocks, int colBlocks) {
        ThreadPool.parallel(
                rowBlocks * colBlocks,
                1,
                (from, to) -> {
                    Stage stage = take();
                    int staged = -1;
                    for (int i = from; i < to; i++) {
                        int row = i / colBlocks * rowsPerBlock;
                        // Neighbouring blocks share their rows, which are staged once.
                        boolean isStaged = row == staged && a.cols() <= SPAN;
                        block(stage, row, i % colBlocks * colsPerBlock, isStaged);
                        staged = row;
                    }
                    idle.push(stage);
                });
    }

    private Stage take() {
        Stage known = idle.poll();
        return known == null ? new Stage() : known;
    }

    private Optional<NativeProduct> product(int row, int col, int from) {
        int summed = Math.min(SPAN, a.cols() - from);
        int cols = Math.min(colsPerBlock, c.cols() - col);
        int tileCols = isTransposed ? summed : cols;
        int stride = b instanceof BlockTensor ? tileCols : b.cols();
        return NativeProduct.of(
                library,
                new NativeProduct.Shape(
                        padded(Math.min(rowsPerBlock, c.rows() - row)),
                        summed,
                        cols,
                        inType,
                        weightType,
                        isTransposed ? 1 : stride,
                        isTransposed ? stride : 1,
                        isBiased(from)));
    }

    /** Of several products that are summed, only the first includes the bias. */
    private boolean isBiased(int from) {
        return bias.length > 0 && from == 0;
    }

    private void block(Stage stage, int row, int col, boolean isStaged) {
        int rows = Math.min(rowsPerBlock, c.rows() - row);
        for (int from = 0; from < a.cols(); from += SPAN) {
            int summed = Math.min(SPAN, a.cols() - from);
            MemorySegment in = stage.in((long) padded(rows) * summed * inType.bytes);
            if (!isStaged) {
                copyIn(row, rows, from, summed, in, 0);
            }
            part(in, stage, row, col, from);
        }
    }

    /** Makes one call: staged rows, from column {@code from} on, with some columns of b. */
    private void part(MemorySegment in, Stage stage, int row, int col, int from) {
        int rows = Math.min(rowsPerBlock, c.rows() - row);
        int cols = Math.min(colsPerBlock, c.cols() - col);
        MemorySegment out = stage.out((long) padded(rows) * cols * Float.BYTES);
        int summed = Math.min(SPAN, a.cols() - from);
        MemorySegment weights =
                isTransposed
                        ? weights(stage, col, cols, from, summed)
                        : weights(stage, from, summed, col, cols);
        MemorySegment part = isBiased(from) ? stage.bias(bias, col, cols) : MemorySegment.NULL;
        product(row, col, from).orElseThrow().run(in, weights, part, out);
        copyOut(stage, out, row, rows, col, cols, accumulate || from > 0);
    }

    /** A part of b in memory that oneDNN can read: in place, or a tile on its own. */
    private MemorySegment weights(Stage stage, int row, int rows, int col, int cols) {
        if (b instanceof MappedTensor mapped) {
            return mapped.data.asSlice(((long) row * b.cols() + col) * weightType.bytes);
        }
        MemorySegment tile = stage.weights((long) rows * cols * weightType.bytes);
        float[] line = stage.line(cols);
        for (int r = 0; r < rows; r++) {
            b.read(row + r, col, cols, line, 0);
            write(line, 0, tile, (long) r * cols * weightType.bytes, cols, weightType);
        }
        return tile;
    }

    private static void write(float[] from, int at, MemorySegment to, long toAt, int n, Type type) {
        if (type == Type.BF16) {
            Bf16Rounding.write(from, at, to, toAt, n);
        } else {
            MemorySegment.copy(from, at, to, ValueLayout.JAVA_FLOAT, toAt, n);
        }
    }

    /** Stages rows; the first becomes row {@code inRow} of {@code in}. */
    private void copyIn(int row, int rows, int from, int count, MemorySegment in, int inRow) {
        for (int r = 0; r < rows; r++) {
            int at = (row + r) * a.cols() + from;
            long to = (long) (inRow + r) * count * inType.bytes;
            write(a.data, at, in, to, count, inType);
        }
    }

    private void copyOut(
            Stage stage, MemorySegment out, int row, int rows, int col, int cols, boolean isAdded) {
        float[] line = isAdded ? stage.line(cols) : c.data;
        for (int r = 0; r < rows; r++) {
            int to = (row + r) * c.cols() + col;
            long at = (long) r * cols * Float.BYTES;
            int lineAt = isAdded ? 0 : to;
            MemorySegment.copy(out, ValueLayout.JAVA_FLOAT, at, line, lineAt, cols);
            if (isAdded) {
                add(line, 0, c.data, to, cols);
            }
        }
    }

    /**
     * {@code to[i] += from[i]}. A plain loop is as fast here as vectors, and faster in a new
     * process, where vector code is slow at first.
     */
    private static void add(float[] from, int at, float[] to, int toAt, int n) {
        for (int i = 0; i < n; i++) {
            to[toAt + i] += from[at + i];
        }
    }
}
