package dev.cairn.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.function.LongSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * How fast this machine is at the two things that bound a language model: reading memory (one token
 * after another) and multiplying matrices (many tokens at once). Each is tried over and over for as
 * long as is given, and the best try counts: the first ones warm up, and others share the machine.
 */
public final class Speed {
    /** Far more than any cache holds. */
    private static final long BYTES = 256L << 20;

    private static final int GRAIN = 1 << 16;
    private static final int ROWS = 512;
    private static final int SIZE = 1024;

    private Speed() {}

    /** How wide the vectors of the fast kernels are, in bits. */
    public static int vectorBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /** Bytes a second that all kernel threads together read from memory. */
    public static double memoryBandwidth(Duration time) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(BYTES, Long.BYTES);
            memory.fill((byte) 1);
            int floats = (int) (BYTES / Float.BYTES);
            return BYTES
                    / best(
                            time,
                            () ->
                                    nanos(() ->
                                            Workers.parallel(
                                                    floats,
                                                    GRAIN,
                                                    (from, to) -> read(memory, from, to))));
        }
    }

    private static void read(MemorySegment memory, int from, int to) {
        var species = FloatVector.SPECIES_PREFERRED;
        int lanes = species.length();
        FloatVector a = FloatVector.zero(species);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        // Several sums, so that no addition waits for the one before it.
        for (int i = from; i + 4 * lanes <= to; i += 4 * lanes) {
            long at = (long) i * Float.BYTES;
            long step = (long) lanes * Float.BYTES;
            a = a.add(FloatVector.fromMemorySegment(species, memory, at, ByteOrder.nativeOrder()));
            b =
                    b.add(
                            FloatVector.fromMemorySegment(
                                    species, memory, at + step, ByteOrder.nativeOrder()));
            c =
                    c.add(
                            FloatVector.fromMemorySegment(
                                    species, memory, at + 2 * step, ByteOrder.nativeOrder()));
            d =
                    d.add(
                            FloatVector.fromMemorySegment(
                                    species, memory, at + 3 * step, ByteOrder.nativeOrder()));
        }
        float sum = a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
        if (Float.isNaN(sum)) {
            // Never so, but the compiler cannot know and leave the reading out.
            memory.set(ValueLayout.JAVA_FLOAT, 0, sum);
        }
    }

    /** Floating point operations a second, of a product of float matrices. */
    public static double matrixRate(Duration time) {
        F32Tensor x = F32Tensor.zeros(ROWS, SIZE);
        F32Tensor w = F32Tensor.zeros(SIZE, SIZE);
        F32Tensor y = F32Tensor.zeros(ROWS, SIZE);
        Matmul matmul = Kernels.vector().matmul();
        double operations = 2.0 * ROWS * SIZE * SIZE;
        return operations / best(time, () -> nanos(() -> matmul.forward(x, w, y, 1, false)));
    }

    private static long nanos(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }

    /** The shortest try, in seconds. */
    private static double best(Duration time, LongSupplier nanos) {
        long end = System.nanoTime() + time.toNanos();
        long best = Long.MAX_VALUE;
        do {
            best = Math.min(best, Math.max(1, nanos.getAsLong()));
        } while (System.nanoTime() < end);
        return best / 1e9;
    }
}
