package dev.cairn.convert;

import dev.cairn.format.GgmlType;
import org.jspecify.annotations.Nullable;

/** The number types that Cairn writes to GGUF files. */
public enum ExportType {
    /** Keeps each tensor's own type. */
    ORIGINAL(null),
    F32(GgmlType.F32),
    F16(GgmlType.F16),
    BF16(GgmlType.BF16),
    Q8_0(GgmlType.Q8_0);

    private final @Nullable GgmlType type;

    ExportType(@Nullable GgmlType type) {
        this.type = type;
    }

    @Nullable GgmlType type() {
        return type;
    }
}
