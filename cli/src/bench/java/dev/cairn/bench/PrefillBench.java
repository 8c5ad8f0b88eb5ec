package dev.cairn.bench;

import dev.cairn.generate.Generator;
import dev.cairn.recipe.bench.Throughput;
import dev.cairn.tensor.kernel.Speed;
import java.time.Duration;
import java.util.OptionalDouble;

/** Reading a prompt of 512 tokens, up to the logits of the first new token. */
final class PrefillBench {
    private static final int TOKENS = 512;
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 8;

    private PrefillBench() {}

    public static void main(String[] args) {
        Generator generator = new Generator(BenchModel.open(), null);
        double[] millis = new double[ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            double taken = Throughput.prefill(generator, BenchModel.tokens(TOKENS, round)) * 1e3;
            if (round >= 0) {
                millis[round] = taken;
            }
        }
        double rate = TOKENS / Measure.median(millis) * 1e3;
        for (Speed.Numbers numbers : new Speed.Numbers[] {Speed.Numbers.BF16, Speed.Numbers.F32}) {
            OptionalDouble limit = Speed.nativeMatrixRate(numbers, Duration.ofSeconds(2));
            Figure.of(
                            Figure.PREFILL,
                            rate,
                            "tokens/s",
                            numbers + " matrix rate",
                            limit.orElse(Speed.matrixRate(Duration.ofSeconds(2)))
                                    / operationsPerToken())
                    .print();
        }
    }

    /** Every layer for every token, the head for the last. */
    private static double operationsPerToken() {
        double hidden = BenchModel.HIDDEN;
        double layer = 4 * hidden * hidden + 2 * hidden * BenchModel.INNER;
        double head = hidden * BenchModel.VOCABULARY / TOKENS;
        return 2 * (BenchModel.LAYERS * layer + head);
    }
}
