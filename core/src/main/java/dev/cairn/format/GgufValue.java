package dev.cairn.format;

import java.util.List;

/** A metadata value that Cairn writes to a GGUF file. */
public sealed interface GgufValue {
    /** A whole number from 0 to 2³² − 1. */
    record Uint32(long value) implements GgufValue {
        public Uint32 {
            if (value < 0 || value > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException(value + " does not fit into 32 bits");
            }
        }
    }

    record Float32(float value) implements GgufValue {}

    record Flag(boolean value) implements GgufValue {}

    record Text(String value) implements GgufValue {}

    record Texts(List<String> values) implements GgufValue {
        public Texts {
            values = List.copyOf(values);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // on its way to a file, never compared
    record Int32s(int[] values) implements GgufValue {}

    @SuppressWarnings("ArrayRecordComponent") // on its way to a file, never compared
    record Float32s(float[] values) implements GgufValue {}
}
