package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.TargetModules;
import dev.cairn.data.TokenExample;
import dev.cairn.data.TrainingPlan;
import dev.cairn.format.Safetensors;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.PeftConfig;
import dev.cairn.model.TinyModels;
import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final List<TokenExample> EXAMPLES = TinyRuns.examples(5, 4);

    @TempDir Path directory;

    private static CausalLm trained(String type) {
        return TinyModels.trained(TinyModels.config(type), Kernels.vector());
    }

    private static CausalLm frozen(String type) {
        return TinyModels.frozen(TinyModels.config(type), Kernels.vector());
    }

    private static LoraAdapter fresh(CausalLm model, double dropout) {
        return LoraAdapter.fresh(
                model, PeftConfig.of("tiny", 4, 8, dropout, new TargetModules.AllLinear()), 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void allWeightsLearnTheExamplesByHeart(String type) {
        List<StepLog> log = learn(trained(type), null);

        assertThat(log.getFirst().loss()).isGreaterThan(2);
        assertThat(log.getLast().loss()).isLessThan(0.1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void anAdapterLearnsThemAndLeavesTheBaseAsItWas(String type) {
        CausalLm model = frozen(type);
        List<StepLog> log = learn(model, fresh(model, 0.05));

        assertThat(log.getFirst().loss()).isGreaterThan(2);
        // The last norm and the head are frozen, so that logits, and certainty, stay bounded.
        assertThat(log.getLast().valLoss()).isLessThan(0.4);
        assertThat(TinyRuns.bits(model.parameters()))
                .isEqualTo(TinyRuns.bits(frozen(type).parameters()));
    }

    private List<StepLog> learn(CausalLm model, @Nullable LoraAdapter adapter) {
        train(
                model,
                adapter,
                steps(60),
                TinyRuns.settings().saveSteps(60).evalSteps(60),
                List.of(EXAMPLES));
        return TrainLog.read(directory);
    }

    private static TrainingPlan steps(int count) {
        return TinyRuns.Written.repeated(count, List.of(EXAMPLES));
    }

    private Trainer.Outcome train(
            CausalLm model,
            @Nullable LoraAdapter adapter,
            TrainingPlan plan,
            TinyRuns.Settings settings,
            List<List<TokenExample>> validation) {
        TrainingRun run = TinyRuns.run(model, adapter, plan, settings.build(), directory);
        return Trainer.train(TinyRuns.withValidation(run, validation), false, log -> {});
    }

    @Test
    void theLogSaysWhatEveryStepDid() {
        TinyRuns.Settings settings =
                TinyRuns.settings()
                        .learningRate(0.5)
                        .decay(LearningRateSchedule.Decay.LINEAR)
                        .evalSteps(2);
        train(trained("llama"), null, steps(5), settings, List.of(EXAMPLES));

        List<StepLog> log = TrainLog.read(directory);
        assertThat(log).extracting(StepLog::step).containsExactly(1, 2, 3, 4, 5);
        assertThat(log).extracting(StepLog::steps).containsOnly(5);
        assertThat(log)
                .extracting(StepLog::tokens)
                .containsOnly(EXAMPLES.stream().mapToInt(e -> e.ids().length).sum());
        assertThat(log.get(3).learningRate()).isCloseTo(0.2, within(1e-15));
        assertThat(log)
                .extracting(line -> line.valLoss() != null)
                .containsExactly(false, true, false, true, true);
        assertThat(log).allMatch(line -> line.gradNorm() > 0 && line.seconds() > 0);
    }

    /** Without dropout, what is measured after a step is what the next step begins with. */
    @Test
    void theValidationLossIsAMeanOverTokensOfAllItsBatches() {
        CausalLm model = frozen("gpt_neox");
        List<List<TokenExample>> unequal = List.of(EXAMPLES.subList(0, 1), EXAMPLES.subList(1, 5));
        train(model, fresh(model, 0), steps(2), TinyRuns.settings().evalSteps(1), unequal);

        List<StepLog> log = TrainLog.read(directory);
        // The same floats, summed in two parts.
        assertThat(log.get(0).valLoss()).isCloseTo(log.get(1).loss(), within(1e-6));
    }

    /** However a step is divided, its gradient is the mean over all its tokens. */
    @Test
    void microBatchesCountByTheirTokens() {
        List<float[]> whole = gradients(List.of(EXAMPLES));
        List<float[]> parts =
                gradients(
                        List.of(
                                EXAMPLES.subList(0, 1),
                                EXAMPLES.subList(1, 4),
                                EXAMPLES.subList(4, 5)));

        for (int i = 0; i < whole.size(); i++) {
            for (int j = 0; j < whole.get(i).length; j++) {
                // Floats near 1, added in another order.
                assertThat((double) parts.get(i)[j]).isCloseTo(whole.get(i)[j], within(1e-6));
            }
        }
        assertThat(TrainLog.read(directory.resolve("3")).get(0).loss())
                .isCloseTo(TrainLog.read(directory.resolve("1")).get(0).loss(), within(1e-6));
    }

    private List<float[]> gradients(List<List<TokenExample>> step) {
        CausalLm model = trained("llama");
        Trainer.train(
                TinyRuns.run(
                        model,
                        null,
                        new TinyRuns.Written(List.of(step)),
                        TinyRuns.settings().build(),
                        directory.resolve(Integer.toString(step.size()))),
                false,
                log -> {});
        return model.parameters().stream().map(p -> p.gradient().toFloats()).toList();
    }

    /** Validation examples that contradict the training ones: it can only get worse. */
    @Test
    void earlyStoppingEndsTheRunWithTheBestWeights() {
        CausalLm model = frozen("llama");
        LoraAdapter adapter = fresh(model, 0);
        List<TokenExample> contrary = List.of(new TokenExample(new int[] {1, 2, 3, 5}, 3));
        TinyRuns.Written plan =
                TinyRuns.Written.repeated(
                        40, List.of(List.of(new TokenExample(new int[] {1, 2, 3, 4}, 3))));
        TrainingRun run =
                TinyRuns.withValidation(
                        TinyRuns.run(
                                model,
                                adapter,
                                plan,
                                TinyRuns.settings().evalSteps(2).patience(3).build(),
                                directory),
                        List.of(contrary));
        List<byte[]> afterEachStep = new ArrayList<>();

        Trainer.Outcome outcome =
                Trainer.train(run, false, log -> afterEachStep.add(TinyRuns.weights(run)));

        List<StepLog> log = TrainLog.read(directory);
        double best = Objects.requireNonNull(log.get(1).valLoss());
        assertThat(outcome).isEqualTo(new Trainer.Outcome(8, 2, best));
        assertThat(log).hasSize(8);
        assertThat(log.get(3).valLoss()).isGreaterThan(best);
        assertThat(TinyRuns.weights(run))
                .isEqualTo(afterEachStep.get(1))
                .isNotEqualTo(afterEachStep.get(7));
    }

    /**
     * Its validation loss is lowest at step 2, and its measures are highest where they are told.
     */
    private TrainingRun contraryRun(Measure measure) {
        CausalLm model = frozen("llama");
        TrainingRun run =
                TinyRuns.run(
                        model,
                        fresh(model, 0),
                        TinyRuns.Written.repeated(
                                40, List.of(List.of(new TokenExample(new int[] {1, 2, 3, 4}, 3)))),
                        TinyRuns.settings().evalSteps(2).patience(3).build(),
                        directory);
        List<TokenExample> contrary = List.of(new TokenExample(new int[] {1, 2, 3, 5}, 3));
        return TinyRuns.withMeasure(TinyRuns.withValidation(run, List.of(contrary)), measure);
    }

    /** At steps 2, 4, 6 ...: the mean rises until step 8, though one of the two falls. */
    @Test
    void aRunGoesOnAsLongAsItsMeasuresImprove() {
        Iterator<Double> copies = List.of(0.0, 0.2, 0.2, 0.5, 0.5, 0.4, 0.5).iterator();
        Iterator<Double> finds = List.of(0.5, 0.4, 0.4, 0.2, 0.2, 0.2, 0.2).iterator();
        TrainingRun run = contraryRun(() -> Map.of("copy", copies.next(), "find", finds.next()));

        Trainer.Outcome outcome = Trainer.train(run, false, log -> {});

        assertThat(outcome.steps()).isEqualTo(14);
        // The weights are still those with the lowest loss.
        assertThat(outcome.bestStep()).isEqualTo(2);
        assertThat(TrainLog.read(directory))
                .extracting(StepLog::measures)
                .startsWith(
                        Map.of(),
                        Map.of("copy", 0.0, "find", 0.5),
                        Map.of(),
                        Map.of("copy", 0.2, "find", 0.4));
    }

    @Test
    void withoutValidationMeasuresAloneMayEndARun() {
        TrainingRun run =
                TinyRuns.withValidation(contraryRun(() -> Map.of("copy", 0.0)), List.of());

        Trainer.Outcome outcome = Trainer.train(run, false, log -> {});

        assertThat(outcome).isEqualTo(new Trainer.Outcome(8, 8, Double.NEGATIVE_INFINITY));
    }

    @Test
    void withoutValidationTheLastWeightsAreKept() {
        TrainingRun run =
                TinyRuns.withValidation(
                        TinyRuns.run(
                                trained("gpt_neox"),
                                null,
                                steps(4),
                                TinyRuns.settings().evalSteps(1).patience(1).build(),
                                directory),
                        List.of());
        List<byte[]> afterEachStep = new ArrayList<>();

        Trainer.Outcome outcome =
                Trainer.train(run, false, log -> afterEachStep.add(TinyRuns.weights(run)));

        assertThat(outcome).isEqualTo(new Trainer.Outcome(4, 4, Double.NEGATIVE_INFINITY));
        assertThat(TinyRuns.weights(run)).isEqualTo(afterEachStep.get(3));
        assertThat(TrainLog.read(directory)).allMatch(line -> line.valLoss() == null);
    }

    @Test
    void aPlanWithoutStepsIsRefused() {
        assertThatThrownBy(() ->
                        train(trained("llama"), null, steps(0), TinyRuns.settings(), List.of()))
                .isInstanceOf(CairnException.class)
                .hasMessage(directory + ": the plan has no steps to train; add training data");
    }

    /** Adam's first step hardly depends on the gradient's length, but its moments do. */
    @Test
    void clippingShortensTheGradientThatIsApplied() {
        train(trained("llama"), null, steps(1), TinyRuns.settings(), List.of());
        double norm = TrainLog.read(directory).getFirst().gradNorm();
        double moments = lengthOfFirstMoments();
        directory = directory.resolve("clipped");
        TinyRuns.Settings clipping = TinyRuns.settings().maxGradNorm(norm / 4);
        train(trained("llama"), null, steps(1), clipping, List.of());

        assertThat(TrainLog.read(directory).getFirst().gradNorm()).isEqualTo(norm);
        // The factor is rounded to a float.
        assertThat(moments / lengthOfFirstMoments()).isCloseTo(4, within(1e-6));
        directory = directory.resolve("loosely");
        TinyRuns.Settings loose = TinyRuns.settings().maxGradNorm(norm * 4);
        train(trained("llama"), null, steps(1), loose, List.of());
        assertThat(lengthOfFirstMoments()).isEqualTo(moments);
    }

    private double lengthOfFirstMoments() {
        double sum = 0;
        try (Safetensors file = Safetensors.open(directory.resolve("checkpoint.safetensors"))) {
            for (String name : file.names()) {
                if (name.startsWith("mean/")) {
                    for (float value : file.entry(name).toFloats()) {
                        sum += (double) value * value;
                    }
                }
            }
        }
        return Math.sqrt(sum);
    }

    /** Weight decay multiplies every matrix by 1 − 10·10 = −99 a step: floats end after 20. */
    private static TinyRuns.Settings exploding() {
        return TinyRuns.settings().learningRate(10).weightDecay(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama"})
    void aRunThatExplodesEndsWithAnErrorThatNamesTheStep(String type) {
        TrainingRun run =
                TinyRuns.withValidation(
                        TinyRuns.run(
                                trained(type),
                                null,
                                steps(60),
                                exploding().evalSteps(100).build(),
                                directory),
                        List.of());
        List<StepLog> done = new ArrayList<>();

        assertThatThrownBy(() -> Trainer.train(run, false, done::add))
                .isInstanceOf(CairnException.class)
                .hasMessageMatching(
                        Pattern.quote(directory.toString())
                                + ": the (loss|gradient) of step "
                                + (done.size() + 1)
                                + " is (NaN|Infinity); lower learning_rate and start over in another output folder");
        assertThat(done).isNotEmpty();
    }

    /** Else the weights of before would silently pass for the best ones. */
    @Test
    void aValidationLossThatIsNoNumberIsAnErrorToo() {
        CausalLm model = trained("gpt_neox");
        Tensor embedding = model.parameters().getFirst().value();
        int unseen = embedding.rows() - 1;
        for (int c = 0; c < embedding.cols(); c++) {
            embedding.set(unseen, c, Float.NaN);
        }
        List<TokenExample> broken = List.of(new TokenExample(new int[] {unseen, 1, 2}, 1));
        List<TokenExample> whole = List.of(new TokenExample(new int[] {3, 1, 2}, 1));
        TrainingPlan plan = TinyRuns.Written.repeated(1, List.of(whole));
        TinyRuns.Settings settings = TinyRuns.settings().evalSteps(1);

        assertThatThrownBy(() -> train(model, null, plan, settings, List.of(broken)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("the validation loss of step 1 is ");
        assertThat(directory.resolve("checkpoint.safetensors")).doesNotExist();
    }

    /** A number broken in memory, as by a bad cable: what was saved before is still good. */
    @Test
    void whatWasSavedBeforeTheErrorIsStillGood() {
        TrainingRun whole = adapterRun(directory.resolve("whole"));
        Trainer.train(whole, false, log -> {});

        TrainingRun broken = adapterRun(directory.resolve("broken"));
        assertThatThrownBy(() -> Trainer.train(broken, false, log -> breakAfter(4, log, broken)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("the loss of step 5 is NaN");
        TrainingRun resumed = adapterRun(directory.resolve("broken"));
        List<Integer> steps = new ArrayList<>();
        Trainer.train(resumed, true, log -> steps.add(log.step()));

        assertThat(steps).containsExactly(5, 6);
        assertThat(TinyRuns.weights(resumed)).isEqualTo(TinyRuns.weights(whole));
    }

    private static TrainingRun adapterRun(Path directory) {
        CausalLm model = frozen("llama");
        TrainSettings settings = TinyRuns.settings().saveSteps(2).evalSteps(3).build();
        return TinyRuns.run(model, fresh(model, 0.1), steps(6), settings, directory);
    }

    private static void breakAfter(int step, StepLog log, TrainingRun run) {
        if (log.step() == step) {
            Parameter norm = run.model().parameters().getLast();
            norm.value().set(0, 0, Double.NaN);
        }
    }
}
