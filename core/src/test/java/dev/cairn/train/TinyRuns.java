package dev.cairn.train;

import dev.cairn.config.AdamWConfig;
import dev.cairn.config.CheckpointConfig;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.LearningRateSchedule.Decay;
import dev.cairn.config.OptimizerName;
import dev.cairn.data.TokenExample;
import dev.cairn.data.TrainingPlan;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.weights.Parameter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What the tests of this room train: a few examples of a tiny vocabulary. */
final class TinyRuns {
    static final String FINGERPRINT = "base tiny\nlearning_rate 0.02\nquestions 7";

    private TinyRuns() {}

    /** Prompts of two to five tokens, completions of one to four. */
    static List<TokenExample> examples(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<TokenExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int prompt = random.nextInt(2, 6);
            int[] ids = random.ints(prompt + random.nextInt(1, 5), 0, 11).toArray();
            examples.add(new TokenExample(ids, prompt));
        }
        return examples;
    }

    /** A plan that is written down. */
    record Written(List<List<List<TokenExample>>> all) implements TrainingPlan {
        @Override
        public int steps() {
            return all.size();
        }

        @Override
        public List<List<TokenExample>> step(int step) {
            return all.get(step);
        }

        /** The same micro-batches in every step. */
        static Written repeated(int steps, List<List<TokenExample>> step) {
            return new Written(Collections.nCopies(steps, step));
        }
    }

    /** A run that is never begun: for what can be asked of it before. */
    static TrainingRun of(CausalLm model, @Nullable LoraAdapter adapter) {
        TrainingPlan plan = new Written(List.of());
        return run(model, adapter, plan, settings().build(), Path.of("nowhere"));
    }

    static TrainingRun run(
            CausalLm model,
            @Nullable LoraAdapter adapter,
            TrainingPlan plan,
            TrainSettings settings,
            Path directory) {
        return new TrainingRun(
                model,
                adapter,
                plan,
                List.of(examples(2, 2), examples(1, 3)),
                Measure.NONE,
                settings,
                directory,
                FINGERPRINT);
    }

    static TrainingRun withValidation(TrainingRun run, List<List<TokenExample>> validation) {
        return new TrainingRun(
                run.model(),
                run.adapter(),
                run.plan(),
                validation,
                run.measure(),
                run.settings(),
                run.directory(),
                run.fingerprint());
    }

    static TrainingRun withMeasure(TrainingRun run, Measure measure) {
        return new TrainingRun(
                run.model(),
                run.adapter(),
                run.plan(),
                run.validation(),
                measure,
                run.settings(),
                run.directory(),
                run.fingerprint());
    }

    static TrainingRun withFingerprint(TrainingRun run, String fingerprint) {
        return new TrainingRun(
                run.model(),
                run.adapter(),
                run.plan(),
                run.validation(),
                run.measure(),
                run.settings(),
                run.directory(),
                fingerprint);
    }

    /** Every bit of the weights that are trained. */
    static byte[] weights(TrainingRun run) {
        return bits(run.trained());
    }

    static byte[] bits(List<Parameter> parameters) {
        int size = parameters.stream().mapToInt(p -> p.value().rows() * p.value().cols()).sum();
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * size);
        for (Parameter p : parameters) {
            for (float value : p.value().toFloats()) {
                buffer.putFloat(value);
            }
        }
        return buffer.array();
    }

    static Settings settings() {
        return new Settings();
    }

    /** Settings of which a test names only what it is about. */
    static final class Settings {
        private OptimizerName optimizer = OptimizerName.ADAMW;
        private double learningRate = 0.02;
        private Decay decay = Decay.CONSTANT;
        private double warmupRatio;
        private double weightDecay;
        private double maxGradNorm;
        private int evalSteps = 2;
        private int saveSteps = 1;
        private int patience;
        private boolean gradientCheckpointing;

        Settings optimizer(OptimizerName value) {
            optimizer = value;
            return this;
        }

        Settings learningRate(double value) {
            learningRate = value;
            return this;
        }

        Settings decay(Decay value) {
            decay = value;
            return this;
        }

        Settings warmupRatio(double value) {
            warmupRatio = value;
            return this;
        }

        Settings weightDecay(double value) {
            weightDecay = value;
            return this;
        }

        Settings maxGradNorm(double value) {
            maxGradNorm = value;
            return this;
        }

        Settings evalSteps(int value) {
            evalSteps = value;
            return this;
        }

        Settings saveSteps(int value) {
            saveSteps = value;
            return this;
        }

        Settings patience(int value) {
            patience = value;
            return this;
        }

        Settings gradientCheckpointing(boolean value) {
            gradientCheckpointing = value;
            return this;
        }

        TrainSettings build() {
            return new TrainSettings(
                    new LearningRateSchedule(learningRate, decay, warmupRatio),
                    optimizer,
                    new AdamWConfig(weightDecay, maxGradNorm, 0.9, 0.999, 1e-8),
                    new CheckpointConfig(evalSteps, saveSteps, patience),
                    17,
                    gradientCheckpointing);
        }
    }
}
