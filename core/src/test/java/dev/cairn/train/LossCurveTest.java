package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.config.TargetModules;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty steps of the same training by each way of multiplying: the bundled base learns the text of
 * the licence.
 */
@Tag("long")
class LossCurveTest {
    private static final Path BASE = Path.of("models/pebble");
    private static final int STEPS = 50;
    private static final int BATCH = 2;
    private static final int LENGTH = 96;

    @TempDir private static Path folder;

    /** The library in float, which both others are compared with. */
    private static double[] library = {};

    @BeforeAll
    static void byTheLibrary() throws IOException {
        assumeTrue(Kernels.nativeStatus().startsWith("in use"), Kernels.nativeStatus());
        library = losses(Map.of("cairn.bf16", "false"));
    }

    @AfterEach
    void restore() {
        clearProperties();
    }

    private static void clearProperties() {
        System.clearProperty("cairn.native");
        System.clearProperty("cairn.bf16");
    }

    /** Both sum in float, in another order: a few units in the last place of a loss near 5. */
    @Test
    void withoutTheLibraryTheLossIsTheSameButForRounding() throws IOException {
        double[] java = losses(Map.of("cairn.native", "false"));

        assertThat(library).containsExactly(java, within(1e-4));
    }

    /** What is multiplied is rounded to eight bits; softmax, loss and sums are not. */
    @Test
    void inBfloat16TheLossKeepsThreeDecimals() throws IOException {
        double[] halves = losses(Map.of("cairn.bf16", "true"));

        assertThat(halves).isNotEqualTo(library);
        assertThat(halves).containsExactly(library, within(1e-3));
        // The text differs from step to step, and so does the loss before anything is learnt.
        assertThat(mean(STEPS - 10)).as("it learns").isLessThan(mean(0) - 0.2);
    }

    /** Of ten steps. */
    private static double mean(int from) {
        return Arrays.stream(library, from, from + 10).average().orElseThrow();
    }

    private static double[] losses(Map<String, String> properties) throws IOException {
        clearProperties();
        properties.forEach(System::setProperty);
        CausalLm model = Models.open(BASE);
        PeftConfig config =
                PeftConfig.of("pebble", 8, 16, 0, TargetModules.names("query_key_value"));
        List<Double> losses = new ArrayList<>();
        TrainingRun run =
                TinyRuns.withValidation(
                        TinyRuns.run(
                                model,
                                LoraAdapter.fresh(model, config, 1),
                                plan(),
                                TinyRuns.settings().learningRate(1e-3).build(),
                                Files.createTempDirectory(folder, "run")),
                        List.of());
        Trainer.train(run, false, log -> losses.add(log.loss()));
        return losses.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static TinyRuns.Written plan() throws IOException {
        int[] text = Tokenizer.load(BASE).encode(Files.readString(Path.of("LICENSE")));
        List<List<List<TokenExample>>> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            List<TokenExample> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                int at = (step * BATCH + i) * LENGTH % (text.length - LENGTH - 1);
                batch.add(new TokenExample(Arrays.copyOfRange(text, at, at + LENGTH + 1), 1));
            }
            steps.add(List.of(batch));
        }
        return new TinyRuns.Written(steps);
    }
}
