package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.OptimizerName;
import dev.cairn.data.ExamplePlan;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is stopped at any step and resumed ends with the bytes of one that never was. */
class ResumeTest {
    private static final List<TokenExample> EXAMPLES = TinyRuns.examples(7, 1);

    /** The same prompts with another end: what is learnt makes the loss on these rise. */
    private static final List<TokenExample> CONTRARY =
            EXAMPLES.stream().map(ResumeTest::contradicted).toList();

    private static TokenExample contradicted(TokenExample example) {
        int[] ids = example.ids().clone();
        ids[ids.length - 1] = (ids[ids.length - 1] + 5) % TinyModels.VOCABULARY;
        return new TokenExample(ids, ids.length - 1);
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** What came out, and what is left on disk. */
    @SuppressWarnings("ArrayRecordComponent") // compared byte by byte
    private record Result(
            Trainer.Outcome outcome, byte[] weights, byte[] checkpoint, List<StepLog> log) {
        void assertSame(Result other) {
            assertThat(outcome).isEqualTo(other.outcome);
            assertThat(weights).isEqualTo(other.weights);
            assertThat(checkpoint).isEqualTo(other.checkpoint);
            assertThat(log).isEqualTo(other.log);
        }
    }

    /**
     * @param dropout of the adapter; −1 to train the base
     * @param patience 0 for a run to its last step; else it is judged by what contradicts it, and
     *     its best weights are not its last ones
     */
    private record Scenario(
            String type, double dropout, int saveSteps, int patience, OptimizerName optimizer) {
        Scenario(String type, double dropout, int saveSteps, int patience) {
            this(type, dropout, saveSteps, patience, OptimizerName.ADAMW);
        }

        /** With a fresh model, as a new process would. */
        TrainingRun run(Path directory) {
            Kernels kernels = Kernels.vector();
            TinyRuns.Settings settings =
                    TinyRuns.settings()
                            .decay(LearningRateSchedule.Decay.COSINE)
                            .optimizer(optimizer)
                            .warmupRatio(0.2)
                            .weightDecay(0.01)
                            .maxGradNorm(1)
                            .evalSteps(1)
                            .saveSteps(saveSteps);
            CausalLm model =
                    dropout < 0
                            ? TinyModels.trained(TinyModels.config(type), kernels)
                            : TinyModels.frozen(TinyModels.config(type), kernels);
            TrainingRun run =
                    TinyRuns.run(
                            model,
                            dropout < 0 ? null : TinyModels.adapter(model, dropout, false),
                            ExamplePlan.of(EXAMPLES, 3, 12, 1, 2, 5),
                            patience == 0 ? settings.build() : settings.patience(patience).build(),
                            directory);
            return patience == 0
                    ? run
                    : TinyRuns.withMeasure(
                            TinyRuns.withValidation(run, List.of(CONTRARY)), hits(model));
        }

        /** Rises at first: a run may have learnt more while its validation loss was rising. */
        private static Measure hits(CausalLm model) {
            return () -> {
                List<Prediction> all = Prediction.of(model, EXAMPLES);
                double hits = all.stream().mapToInt(Prediction::hits).sum();
                return Map.of("hits", hits / NextTokenLoss.targets(EXAMPLES));
            };
        }

        void crash(Path directory, int step) {
            assertThatThrownBy(() -> Trainer.train(run(directory), true, log -> crash(log, step)))
                    .isInstanceOf(Crash.class);
        }

        private static void crash(StepLog log, int step) {
            if (log.step() == step) {
                throw new Crash();
            }
        }

        /** Begins, or goes on, and comes to the end. */
        Result finish(Path directory) throws IOException {
            TrainingRun run = run(directory);
            Trainer.Outcome outcome = Trainer.train(run, true, log -> {});
            return new Result(
                    outcome,
                    TinyRuns.weights(run),
                    Files.readAllBytes(directory.resolve("checkpoint.safetensors")),
                    TrainLog.read(directory).stream().map(ResumeTest::withoutDuration).toList());
        }
    }

    private static StepLog withoutDuration(StepLog log) {
        return new StepLog(
                log.step(),
                log.steps(),
                log.loss(),
                log.learningRate(),
                log.gradNorm(),
                log.tokens(),
                0,
                log.valLoss(),
                log.measures());
    }

    @TempDir Path temporary;

    @ParameterizedTest(name = "{0}, dropout {1}, saved every {2} steps, patience {3}")
    @CsvSource({
        "gpt_neox, 0.2, 1, 0",
        "gpt_neox, 0.2, 3, 0",
        "llama, 0.2, 3, 0",
        "llama, 0.2, 1, 4",
        "llama, 0.2, 3, 4",
        "gpt_neox, -1, 3, 4",
        "llama, -1, 1, 0",
    })
    void stoppedAfterAnyStep(String type, double dropout, int saveSteps, int patience)
            throws IOException {
        Scenario scenario = new Scenario(type, dropout, saveSteps, patience);
        Result expected = scenario.finish(temporary.resolve("whole"));
        int steps = expected.outcome().steps();
        assertThat(expected.log()).hasSize(steps).hasSizeGreaterThan(4);
        assertThat(expected.outcome().bestStep()).isLessThanOrEqualTo(steps - patience);

        for (int step = 1; step <= steps; step++) {
            Path directory = temporary.resolve("stopped after " + step);
            scenario.crash(directory, step);
            scenario.finish(directory).assertSame(expected);
        }
    }

    @Test
    void stoppedAfterAnyStepOfMuon() throws IOException {
        Scenario scenario = new Scenario("gpt_neox", -1, 3, 4, OptimizerName.MUON);
        Result expected = scenario.finish(temporary.resolve("whole"));

        for (int step = 1; step <= expected.outcome().steps(); step++) {
            Path directory = temporary.resolve("stopped after " + step);
            scenario.crash(directory, step);
            scenario.finish(directory).assertSame(expected);
        }
    }

    @Test
    void stoppedOverAndOver() throws IOException {
        Scenario scenario = new Scenario("llama", 0.2, 2, 0);
        Result expected = scenario.finish(temporary.resolve("whole"));

        Path directory = temporary.resolve("stopped");
        for (int step = 2; step <= expected.outcome().steps(); step++) {
            scenario.crash(directory, step);
        }
        scenario.finish(directory).assertSame(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void aFinishedRunIsOnlyReadAgain(int patience) throws IOException {
        Scenario scenario = new Scenario("llama", 0.2, 3, patience);
        Result expected = scenario.finish(temporary);

        TrainingRun again = scenario.run(temporary);
        Trainer.train(
                again,
                true,
                log -> {
                    throw new AssertionError("no step is left to do");
                });
        assertThat(TinyRuns.weights(again)).isEqualTo(expected.weights());
        scenario.finish(temporary).assertSame(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aTornLastLineOfTheLogIsWrittenAgain(int saveSteps) throws IOException {
        Scenario scenario = new Scenario("llama", 0.2, saveSteps, 0);
        Result expected = scenario.finish(temporary.resolve("whole"));

        Path directory = temporary.resolve("torn");
        scenario.crash(directory, 5);
        Path log = directory.resolve("train_log.jsonl");
        byte[] bytes = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(bytes, bytes.length - 9));

        scenario.finish(directory).assertSame(expected);
    }

    /** Else the tests above would not show that its masks are drawn again. */
    @Test
    void dropoutTakesPart() throws IOException {
        Result dropped = new Scenario("llama", 0.2, 3, 0).finish(temporary.resolve("dropped"));
        Result kept = new Scenario("llama", 0, 3, 0).finish(temporary.resolve("kept"));

        assertThat(kept.weights()).isNotEqualTo(dropped.weights());
    }
}
