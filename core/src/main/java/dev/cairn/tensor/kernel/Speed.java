package dev.cairn.tensor.kernel;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.onednn.NativeProduct;
import dev.cairn.tensor.onednn.OneDnn;
import dev.cairn.tensor.onednn.OneDnn.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Measures this machine's speed at the two operations that limit a language model: reading memory
 * (one token after another) and multiplying matrices (many tokens at once). Half of the given time
 * is spent on small warm-up runs, until the JVM has compiled the measured code; of the remaining
 * runs the best counts, since other programs share the machine.
 */
public final class Speed {
    /** Bytes to read: far more than any cache holds. */
    private static final long BYTES = 256L << 20;

    /** Floats read by one call, in four streams, each of which the processor prefetches. */
    private static final int BLOCK = 1 << 19;

    /**
     * Floats per call during warm-up: few, so that the JVM soon counts enough calls to compile the
     * code.
     */
    private static final int WARM_UP_BLOCK = 1 << 14;

    private static final int ROWS = 512;
    private static final int SIZE = 1024;
    private static final int WARM_UP_SIZE = 96;

    private Speed() {}

    /** Vector width of the fast kernels, in bits. */
    public static int vectorBits() {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }

    /** Bytes per second that all kernel threads together read from memory. */
    public static double memoryBandwidth(Duration time) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(BYTES, Long.BYTES);
            memory.fill((byte) 1);
            best(time.dividedBy(2), () -> read(memory, 0, WARM_UP_BLOCK));
            return BYTES / best(time.dividedBy(2), () -> readAll(memory));
        }
    }

    private static void readAll(MemorySegment memory) {
        ThreadPool.parallel(
                (int) (BYTES / Float.BYTES / BLOCK),
                1,
                (from, to) -> {
                    for (int block = from; block < to; block++) {
                        read(memory, (long) block * BLOCK, BLOCK);
                    }
                });
    }

    private static void read(MemorySegment memory, long from, int count) {
        var species = FloatVector.SPECIES_PREFERRED;
        ByteOrder order = ByteOrder.nativeOrder();
        FloatVector a = FloatVector.zero(species);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long at = from * Float.BYTES;
        long apart = (long) count / 4 * Float.BYTES;
        for (int i = 0; i < count / 4; i += species.length(), at += species.vectorByteSize()) {
            a = a.add(FloatVector.fromMemorySegment(species, memory, at, order));
            b = b.add(FloatVector.fromMemorySegment(species, memory, at + apart, order));
            c = c.add(FloatVector.fromMemorySegment(species, memory, at + 2 * apart, order));
            d = d.add(FloatVector.fromMemorySegment(species, memory, at + 3 * apart, order));
        }
        float sum = a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
        if (Float.isNaN(sum)) {
            // Never true, but the compiler cannot know this, so it cannot remove the reads.
            memory.set(ValueLayout.JAVA_FLOAT, 0, sum);
        }
    }

    /** Multiplications and additions per second in products of float matrices, in Java alone. */
    public static double matrixRate(Duration time) {
        product(time.dividedBy(2), WARM_UP_SIZE, WARM_UP_SIZE);
        return 2.0 * ROWS * SIZE * SIZE / product(time.dividedBy(2), ROWS, SIZE);
    }

    private static double product(Duration time, int rows, int size) {
        F32Tensor x = F32Tensor.zeros(rows, size);
        F32Tensor w = F32Tensor.zeros(size, size);
        F32Tensor y = F32Tensor.zeros(rows, size);
        Matmul matmul = Kernels.vector().matmul();
        return best(time, () -> matmul.forward(x, w, y, 1, false));
    }

    /** Number formats of the two factors that oneDNN multiplies. */
    public enum Numbers {
        F32(Type.F32, Type.F32),
        BF16(Type.BF16, Type.BF16),
        INT8(Type.U8, Type.S8);

        private final Type in;
        private final Type weights;

        Numbers(Type in, Type weights) {
            this.in = in;
            this.weights = weights;
        }
    }

    /**
     * Multiplications and additions per second in oneDNN's matrix products, one per kernel thread:
     * the processor's peak. Empty without oneDNN, or if it has no such product.
     */
    public static OptionalDouble nativeMatrixRate(Numbers numbers, Duration time) {
        OneDnn library = OneDnn.instance();
        if (library == null) {
            return OptionalDouble.empty();
        }
        var shape =
                new NativeProduct.Shape(
                        ROWS, SIZE, SIZE, numbers.in, numbers.weights, 1, SIZE, false);
        NativeProduct product = NativeProduct.of(library, shape).orElse(null);
        if (product == null) {
            return OptionalDouble.empty();
        }
        int threads = ThreadPool.threads();
        try (Arena arena = Arena.ofShared()) {
            MemorySegment in = arena.allocate((long) ROWS * SIZE * Float.BYTES, 64);
            MemorySegment weights = arena.allocate((long) SIZE * SIZE * Float.BYTES, 64);
            MemorySegment out = arena.allocate((long) threads * ROWS * SIZE * Float.BYTES, 64);
            double seconds =
                    best(
                            time,
                            () ->
                                    ThreadPool.parallel(
                                            threads,
                                            1,
                                            (from, to) -> {
                                                long at = (long) from * ROWS * SIZE * Float.BYTES;
                                                product.run(
                                                        in,
                                                        weights,
                                                        MemorySegment.NULL,
                                                        out.asSlice(at));
                                            }));
            return OptionalDouble.of(2.0 * threads * ROWS * SIZE * SIZE / seconds);
        }
    }

    /** Duration of the fastest run, in seconds. */
    private static double best(Duration time, Runnable work) {
        long end = System.nanoTime() + time.toNanos();
        long best = Long.MAX_VALUE;
        long start;
        do {
            start = System.nanoTime();
            work.run();
            best = Math.min(best, Math.max(1, System.nanoTime() - start));
        } while (System.nanoTime() < end);
        return best / 1e9;
    }
}
