package dev.cairn.model;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Precision;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool of reusable arrays for the temporary tensors of a forward and backward pass; without it, a
 * training step would allocate gigabytes. Tensors taken while a frame is open return to the pool
 * when it closes, unless they are kept. Not thread-safe.
 */
public final class Workspace {
    /** Array sizes are rounded up to one of eight steps between powers of two. */
    private static final int STEPS = 8;

    private static final int SMALLEST_STEP = 256;

    private final Map<Integer, Deque<float[]>> idle = new HashMap<>();
    private final Deque<Frame> frames = new ArrayDeque<>();

    /** A scope for temporary tensors. */
    public final class Frame implements AutoCloseable {
        private final List<float[]> taken = new ArrayList<>();
        private final List<Tensor> kept = new ArrayList<>();

        private Frame() {}

        /** Hands these tensors over to the enclosing frame. */
        void keep(List<Tensor> tensors) {
            kept.addAll(tensors);
        }

        @Override
        public void close() {
            if (frames.peek() != this) {
                throw new IllegalStateException(
                        "frames must be closed in the reverse order of opening");
            }
            frames.pop();
            Frame outer = frames.peek();
            for (float[] array : taken) {
                if (!isKept(array)) {
                    idle.computeIfAbsent(array.length, size -> new ArrayDeque<>()).push(array);
                } else if (outer != null) {
                    outer.taken.add(array);
                }
            }
        }

        private boolean isKept(float[] array) {
            for (Tensor tensor : kept) {
                if (tensor instanceof F32Tensor f && f.data() == array) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Opens a frame inside the current one. */
    public Frame frame() {
        Frame frame = new Frame();
        frames.push(frame);
        return frame;
    }

    /** A tensor with undefined contents, to be overwritten. */
    Tensor blank(Kernels kernels, int rows, int cols) {
        if (kernels.precision() != Precision.F32) {
            return kernels.zeros(rows, cols);
        }
        int size = roomFor(Math.multiplyExact(rows, cols));
        Deque<float[]> known = idle.get(size);
        float[] array = known == null || known.isEmpty() ? new float[size] : known.pop();
        Frame frame = frames.peek();
        if (frame != null) {
            frame.taken.add(array);
        }
        return F32Tensor.of(array, rows, cols);
    }

    /** A tensor of zeros. */
    Tensor zeros(Kernels kernels, int rows, int cols) {
        Tensor tensor = blank(kernels, rows, cols);
        if (tensor instanceof F32Tensor f) {
            Arrays.fill(f.data(), 0, rows * cols, 0f);
        }
        return tensor;
    }

    private static int roomFor(int numbers) {
        int step = Math.max(SMALLEST_STEP, Integer.highestOneBit(Math.max(1, numbers)) / STEPS);
        return Math.ceilDiv(Math.max(1, numbers), step) * step;
    }
}
