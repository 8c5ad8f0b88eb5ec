package dev.cairn.tensor;

import dev.cairn.tensor.block.BlockFormat;
import java.lang.foreign.MemorySegment;

/**
 * A tensor of frozen weights in the blocks of a published model, usually a memory-mapped file. Every
 * row is a whole number of blocks; rows follow each other without gaps.
 */
public final class BlockTensor extends Tensor {
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
        float[] part = new float[0];
        for (int done = 0; done < n; ) {
            int skipped = (col + done) % size;
            int count = Math.min(size - skipped, n - done);
            long at = blockAt(row, col + done);
            if (count == size) {
                format.decode(data, at, target, offset + done);
            } else {
                part = part.length == 0 ? new float[size] : part;
                format.decode(data, at, part, 0);
                System.arraycopy(part, skipped, target, offset + done, count);
            }
            done += count;
        }
    }

    @Override
    public long byteSize() {
        return data.byteSize();
    }
}
