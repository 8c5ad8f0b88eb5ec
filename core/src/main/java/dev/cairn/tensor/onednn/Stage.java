package dev.cairn.tensor.onednn;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory for a block of rows of the input and of the result. */
final class Stage {
    private MemorySegment in = MemorySegment.NULL;
    private MemorySegment out = MemorySegment.NULL;
    private MemorySegment bias = MemorySegment.NULL;
    private MemorySegment weights = MemorySegment.NULL;

    private float[] line = {};

    /** Scratch memory for a row on the heap. */
    float[] line(int size) {
        if (line.length < size) {
            line = new float[size];
        }
        return line;
    }

    MemorySegment in(long bytes) {
        in = atLeast(in, bytes);
        return in;
    }

    MemorySegment out(long bytes) {
        out = atLeast(out, bytes);
        return out;
    }

    MemorySegment weights(long bytes) {
        weights = atLeast(weights, bytes);
        return weights;
    }

    MemorySegment bias(float[] row, int at, int count) {
        bias = atLeast(bias, (long) count * Float.BYTES);
        MemorySegment.copy(row, at, bias, ValueLayout.JAVA_FLOAT, 0, count);
        return bias;
    }

    private static MemorySegment atLeast(MemorySegment have, long bytes) {
        return have.byteSize() >= bytes ? have : Arena.ofAuto().allocate(bytes, 64);
    }
}
