package dev.cairn.eval.task;

/** How a file of records is written; each may be compressed as {@code .bz2}. */
enum FileFormat {
    /** One JSON object a line, or one array of objects. */
    JSON,
    /** Comma-separated values; the first line names the fields. */
    CSV,
    /** A fixed number of lines a record, one field a line. */
    LINES,
    /** The numbered lines of the bAbI tasks. */
    BABI
}
