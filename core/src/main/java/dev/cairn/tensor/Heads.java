package dev.cairn.tensor;

/**
 * A view of the attention heads inside a tensor: element d of head h at row t is {@code tensor[t,
 * offset + h·stride + d]}. GPT-NeoX interleaves query, key and value of each head in one row; Llama
 * keeps them in separate tensors; a key-value cache has more rows than are in use. All of these can
 * be viewed as heads.
 *
 * <p>The keys of a cache are stored in blocks of rows instead: one row of the tensor holds {@code
 * block} rows t, with their values side by side for each element, {@code tensor[t / block, (offset
 * + h·stride + d)·block + t % block]}. A query is then multiplied with a whole vector of keys at
 * once, and no lanes have to be added up.
 *
 * @param offset column where head 0 starts
 * @param stride columns from one head to the next
 * @param block number of rows side by side; 1 for ordinary rows
 */
public record Heads(Tensor tensor, int offset, int stride, int block) {
    /** Rows side by side in a cache of keys: one or several vectors, whatever their width. */
    public static final int BLOCK = 16;

    /** Number of values below which a second thread costs more than it saves. */
    private static final int FEW_VALUES = 1 << 13;

    /** Heads in ordinary rows. */
    public Heads(Tensor tensor, int offset, int stride) {
        this(tensor, offset, stride, 1);
    }

    public double get(int row, int head, int d) {
        return tensor.get(row / block, column(row, head, d));
    }

    public void set(int row, int head, int d, double value) {
        tensor.set(row / block, column(row, head, d), value);
    }

    public void add(int row, int head, int d, double value) {
        tensor.add(row / block, column(row, head, d), value);
    }

    private int column(int row, int head, int d) {
        return (offset + head * stride + d) * block + row % block;
    }

    public float[] floats() {
        return ((F32Tensor) tensor).data;
    }

    /** Index of element 0 of a head; successive elements are {@code block} apart. */
    public int at(int row, int head) {
        return row / block * tensor.cols() + (offset + head * stride) * block + row % block;
    }

    /**
     * Copies {@code count} rows of other heads, starting at {@code fromRow}, to rows starting at
     * {@code row}.
     */
    public void copyFrom(Heads from, int fromRow, int row, int count, int heads, int headDim) {
        if (!(tensor instanceof F32Tensor to && from.tensor instanceof F32Tensor source)
                || from.block != 1) {
            copySlowly(from, fromRow, row, count, heads, headDim);
            return;
        }
        int grain = Math.max(1, FEW_VALUES / Math.max(1, count * headDim));
        ThreadPool.parallel(
                heads,
                grain,
                (first, until) -> {
                    for (int h = first; h < until; h++) {
                        copyHead(source.data, from, fromRow, to.data, row, count, h, headDim);
                    }
                });
    }

    /** Copies one head, in the target's memory order. */
    private void copyHead(
            float[] source,
            Heads from,
            int fromRow,
            float[] to,
            int row,
            int count,
            int head,
            int headDim) {
        int step = from.tensor.cols();
        for (int t = row; t < row + count; ) {
            int some = Math.min(block - t % block, row + count - t);
            int at = from.at(fromRow + t - row, head);
            int toAt = at(t, head);
            if (block == 1) {
                System.arraycopy(source, at, to, toAt, headDim);
            }
            for (int d = 0; block > 1 && d < headDim; d++) {
                for (int i = 0; i < some; i++) {
                    to[toAt + d * block + i] = source[at + d + i * step];
                }
            }
            t += some;
        }
    }

    private void copySlowly(Heads from, int fromRow, int row, int count, int heads, int headDim) {
        for (int t = 0; t < count; t++) {
            for (int h = 0; h < heads; h++) {
                for (int d = 0; d < headDim; d++) {
                    set(row + t, h, d, from.get(fromRow + t, h, d));
                }
            }
        }
    }
}
