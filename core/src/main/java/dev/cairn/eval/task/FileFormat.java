package dev.cairn.eval.task;

/** The format of a file of records; each may be compressed as {@code .bz2}. */
enum FileFormat {
    /** One JSON object per line, or one array of objects. */
    JSON,
    /** Comma-separated values; the first line names the fields. */
    CSV,
    /** A fixed number of lines per record, one field per line. */
    LINES,
    /** The numbered lines of the bAbI tasks. */
    BABI
}
