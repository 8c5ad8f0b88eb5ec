package dev.cairn.tensor;

import dev.cairn.tensor.block.BlockFormat;
import dev.cairn.tensor.block.Codes;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of frozen weights in the blocks of a published model, usually a memory-mapped file.
 * Every row is a whole number of blocks; rows follow each other without gaps.
 */
public final class BlockTensor extends Tensor {
    private static final ThreadLocal<Codes> CODES = ThreadLocal.withInitial(Codes::new);

    public final MemorySegment data;
    public final BlockFormat format;

    private BlockTensor(MemorySegment data, BlockFormat format, int rows, int cols) {
        super(rows, cols);
        this.data = data;
        this.format = format;
    }

    /**
     * A view of stored blocks.
     *
     * @throws IllegalArgumentException if a row is not a whole number of blocks, or the segment's
     *     size does not match format and shape
     */
    public static BlockTensor of(MemorySegment data, BlockFormat format, int rows, int cols) {
        long bytes = rows * format.rowBytes(cols);
        if (data.byteSize() != bytes) {
            throw new IllegalArgumentException(
                    "%s tensor [%d, %d]: expected %d bytes, found %d"
                            .formatted(format, rows, cols, bytes, data.byteSize()));
        }
        return new BlockTensor(data, format, rows, cols);
    }

    /** Offset of a row in bytes. */
    public long rowAt(int row) {
        return row * format.rowBytes(cols());
    }

    @Override
    public BlockTensor reshape(int rows, int cols) {
        checkReshape(rows, cols);
        return of(data, format, rows, cols);
    }

    @Override
    public double get(int row, int col) {
        float[] block = new float[format.size()];
        format.decode(data, blockAt(row, col), block, 0);
        return block[col % format.size()];
    }

    private long blockAt(int row, int col) {
        return rowAt(row) + (long) (col / format.size()) * format.bytes();
    }

    @Override
    public void set(int row, int col, double value) {
        throw new UnsupportedOperationException("weights mapped from a file cannot be changed");
    }

    @Override
    public void read(int row, int col, int n, float[] target, int offset) {
        int size = format.size();
        int before = Math.min(n, (size - col % size) % size);
        int blocks = (n - before) / size;
        int after = n - before - blocks * size;
        readPart(row, col, before, target, offset);
        readBlocks(blockAt(row, col + before), blocks, target, offset + before);
        readPart(row, col + n - after, after, target, offset + n - after);
    }

    private void readBlocks(long at, int blocks, float[] target, int offset) {
        // Vectors are only some five times as fast here.
        if (ColdStart.usesLoops((long) blocks * format.size() / 4)) {
            format.decodeAll(data, at, blocks, CODES.get(), target, offset);
        } else {
            format.read(data, at, blocks, CODES.get(), target, offset);
        }
    }

    /** Reads less than a block, and no more than what is left of one. */
    private void readPart(int row, int col, int n, float[] target, int offset) {
        if (n > 0) {
            float[] block = new float[format.size()];
            format.decode(data, blockAt(row, col), block, 0);
            System.arraycopy(block, col % format.size(), target, offset, n);
        }
    }

    @Override
    public long byteSize() {
        return data.byteSize();
    }
}
