package dev.cairn.format;

/** Delivers a tensor's numbers row by row, so that the whole tensor is never in memory. */
@FunctionalInterface
public interface Rows {
    /**
     * Reads one row.
     *
     * @param row index from 0; several leading dimensions count as one
     * @param into receives the row; as long as the tensor's last dimension
     */
    void read(long row, float[] into);
}
