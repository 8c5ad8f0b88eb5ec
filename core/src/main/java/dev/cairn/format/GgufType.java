package dev.cairn.format;

import java.util.Optional;

/** The types of metadata values, in the order of their ids in a file. */
enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int minBytes;

    GgufType(int minBytes) {
        this.minBytes = minBytes;
    }

    static Optional<GgufType> of(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    int id() {
        return ordinal();
    }

    /** Size of a value in bytes; for a text or an array the minimum. */
    int minBytes() {
        return minBytes;
    }
}
