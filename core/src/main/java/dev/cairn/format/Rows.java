package dev.cairn.format;

/** Delivers a tensor's numbers row by row, so that nothing is ever held whole. */
@FunctionalInterface
public interface Rows {
    /**
     * Reads one row.
     *
     * @param row from 0 on; the rows of more than one leading dimension count through
     * @param into receives the row; as long as the tensor's last dimension
     */
    void read(long row, float[] into);
}
