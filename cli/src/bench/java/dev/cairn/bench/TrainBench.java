package dev.cairn.bench;

import dev.cairn.config.TargetModules;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.PeftConfig;
import dev.cairn.recipe.bench.Throughput;
import dev.cairn.tensor.kernel.Speed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Training of an adapter as the peers do it: LoRA of rank 8 on query_key_value, batches of 8 texts
 * of 256 tokens. Loss on all tokens, or on the last quarter of each text.
 */
final class TrainBench {
    private static final int BATCH = 8;
    private static final int LENGTH = 256;
    private static final int STEPS = 9;
    private static final int WARM_UP = 2;

    /** Of each token: forward through layers and head, and back through both; no weight learns. */
    private static final double OPERATIONS_PER_TOKEN = 4.0 * parameters();

    private TrainBench() {}

    public static void main(String[] args) throws IOException {
        boolean isWhole = args[0].equals("all");
        CausalLm model = BenchModel.open();
        LoraAdapter adapter =
                LoraAdapter.fresh(
                        model,
                        PeftConfig.of("bench", 8, 16, 0, TargetModules.names("query_key_value")),
                        1);
        Path directory = Files.createTempDirectory("cairn-bench");
        List<Double> seconds =
                Throughput.train(
                        model, adapter, batches(isWhole ? 1 : LENGTH * 3 / 4 + 1), directory);
        double[] measured =
                seconds.stream().skip(WARM_UP).mapToDouble(Double::doubleValue).toArray();
        double rate = BATCH * LENGTH / Measure.median(measured);
        String what = isWhole ? Figure.TRAIN : "train, loss on the last quarter of the tokens";
        double limit =
                Speed.nativeMatrixRate(Speed.Numbers.F32, Duration.ofSeconds(2))
                        .orElseGet(() -> Speed.matrixRate(Duration.ofSeconds(4)));
        if (isWhole) {
            Figure.of(what, rate, "tokens/s", "fp32 matrix rate", limit / OPERATIONS_PER_TOKEN)
                    .print();
        } else {
            Figure.of(what, rate, "tokens/s").print();
        }
        Figure.of(what + ": peak memory", Measure.peakMegabytes(), "MB").print();
        System.out.println(
                "steps of " + Arrays.toString(Arrays.stream(measured).sorted().toArray()) + " s");
    }

    /** Weights of the linear layers and of the head. */
    private static double parameters() {
        double hidden = BenchModel.HIDDEN;
        double layer = 4 * hidden * hidden + 2 * hidden * BenchModel.INNER;
        return BenchModel.LAYERS * layer + hidden * BenchModel.VOCABULARY;
    }

    /**
     * @param firstTarget from which token of a text on there is a loss
     */
    private static List<List<TokenExample>> batches(int firstTarget) {
        SplittableRandom random = new SplittableRandom(3);
        List<List<TokenExample>> steps = new ArrayList<>();
        for (int s = 0; s < STEPS; s++) {
            List<TokenExample> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                int[] ids = random.ints(LENGTH + 1, 0, BenchModel.VOCABULARY).toArray();
                batch.add(new TokenExample(ids, firstTarget));
            }
            steps.add(batch);
        }
        return steps;
    }
}
