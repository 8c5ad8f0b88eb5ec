package dev.cairn.bench;

import dev.cairn.tensor.kernel.Speed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What no program on this machine can go beyond: the rate at which all cores together read memory,
 * and at which they multiply and add floats. The best of several tries, since others share the
 * machine.
 */
final class Limits {
    /** Cloud machines show caches of 260 MB. */
    private static final long BYTES = 1L << 30;

    /**
     * What is read by one call, in {@link #STREAMS} at a time: a processor fetches each of them
     * ahead, and one alone does not use all that memory gives (20 instead of 30 GB/s for a thread
     * of the machine that docs/performance.md calls C). Shorter ones end before it has begun.
     */
    private static final int BLOCK = 1 << 18;

    private static final int STREAMS = 4;
    private static final int TRIES = 8;
    private static final int WARM_UP = 3000;

    /** So small that the JVM soon has seen enough calls to compile them. */
    private static final int WARM_UP_BLOCK = 1 << 13;

    private static final int FMAS = 12;
    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    /** Results go here, so that the compiler cannot leave out what led to them. */
    @SuppressWarnings("unused")
    private static volatile double sink;

    private Limits() {}

    public static void main(String[] args) {
        Figure.of("limit: memory", memory() / 1e9, "GB/s").print();
        Figure.of("limit: fp32 multiply-add", fp32() / 1e9, "GFLOP/s").print();
        for (Speed.Numbers numbers : Speed.Numbers.values()) {
            Speed.nativeMatrixRate(numbers, Duration.ofSeconds(2))
                    .ifPresent(rate ->
                            Figure.of(
                                            "limit: %s products of oneDNN".formatted(numbers),
                                            rate / 1e9,
                                            "GFLOP/s")
                                    .print());
        }
    }

    /** Bytes a second read from memory. */
    static double memory() {
        return memory(BYTES);
    }

    /** Bytes a second when the same bytes are read again and again, from caches if they fit. */
    static double memory(long bytes) {
        long[] memory = Memory.LONGS;
        for (int i = 0; i < WARM_UP; i++) {
            sink = read(memory, 0, WARM_UP_BLOCK);
        }
        int blocks = (int) (bytes / Long.BYTES / BLOCK);
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            double seconds =
                    seconds(thread -> {
                        long sum = 0;
                        int until = blocks * (thread + 1) / THREADS;
                        for (int b = blocks * thread / THREADS; b < until; b++) {
                            sum += read(memory, b * BLOCK, BLOCK);
                        }
                        sink = sum;
                    });
            best = Math.max(best, (double) blocks * BLOCK * Long.BYTES / seconds);
        }
        return best;
    }

    /** On the heap, as quantized weights are, and made only where it is read. */
    private static final class Memory {
        static final long[] LONGS = new long[(int) (BYTES / Long.BYTES)];

        static {
            Arrays.fill(LONGS, 1);
        }
    }

    private static long read(long[] memory, int from, int length) {
        var species = LongVector.SPECIES_PREFERRED;
        int stream = length / STREAMS;
        LongVector a = LongVector.zero(species);
        LongVector b = a;
        LongVector c = a;
        LongVector d = a;
        for (int i = from; i < from + stream; i += species.length()) {
            a = a.add(LongVector.fromArray(species, memory, i));
            b = b.add(LongVector.fromArray(species, memory, i + stream));
            c = c.add(LongVector.fromArray(species, memory, i + 2 * stream));
            d = d.add(LongVector.fromArray(species, memory, i + 3 * stream));
        }
        return a.add(b).add(c).add(d).reduceLanes(VectorOperators.ADD);
    }

    /** Floating point operations a second, in registers. */
    static double fp32() {
        for (int i = 0; i < WARM_UP; i++) {
            sink = multiplyAdd(1000);
        }
        int steps = 10_000;
        int rounds = 2000;
        double best = 0;
        for (int i = 0; i < TRIES; i++) {
            double seconds =
                    seconds(thread -> {
                        for (int r = 0; r < rounds; r++) {
                            sink = multiplyAdd(steps);
                        }
                    });
            int lanes = FloatVector.SPECIES_PREFERRED.length();
            best = Math.max(best, 2.0 * FMAS * lanes * steps * rounds * THREADS / seconds);
        }
        return best;
    }

    /** {@link #FMAS} chains side by side hide the time that one takes. */
    private static float multiplyAdd(int steps) {
        var species = FloatVector.SPECIES_PREFERRED;
        FloatVector x = FloatVector.broadcast(species, 1.0000001f);
        FloatVector y = FloatVector.broadcast(species, 1e-9f);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        for (int step = 0; step < steps; step++) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        FloatVector sum = a.add(b).add(c).add(d).add(e).add(f);
        return sum.add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(VectorOperators.ADD);
    }

    private static double seconds(IntConsumer work) {
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.add(Thread.ofPlatform().start(() -> work.accept(thread)));
        }
        for (Thread thread : threads) {
            join(thread);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while measuring", e);
        }
    }
}
