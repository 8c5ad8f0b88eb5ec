package dev.cairn.bench;

import dev.cairn.tensor.F32Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The matrix product of a feed-forward layer of Pythia-160M's shape, on all cores. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MatmulBench {
    static final int IN = 768;
    static final int OUT = 3072;

    /** Rows: a step of training, a prompt, its first piece. */
    @Param({"2048", "512", "64"})
    int rows;

    private final Kernels kernels = Kernels.vector();
    private F32Tensor x = F32Tensor.zeros(0, 0);
    private F32Tensor w = F32Tensor.zeros(0, 0);
    private F32Tensor y = F32Tensor.zeros(0, 0);

    @org.openjdk.jmh.annotations.Setup
    public void fill() {
        x = random(rows, IN);
        w = random(OUT, IN);
        y = F32Tensor.zeros(rows, OUT);
    }

    private static F32Tensor random(int rows, int cols) {
        F32Tensor tensor = F32Tensor.zeros(rows, cols);
        SplittableRandom random = new SplittableRandom(rows);
        for (int i = 0; i < rows * cols; i++) {
            tensor.data()[i] = (float) random.nextDouble(-1, 1);
        }
        return tensor;
    }

    @Benchmark
    public F32Tensor forward() {
        kernels.matmul().forward(x, w, y, 1, false);
        return y;
    }

    @Benchmark
    public F32Tensor backwardInput() {
        kernels.matmul().backwardInput(y, w, x, 1, false);
        return x;
    }
}
