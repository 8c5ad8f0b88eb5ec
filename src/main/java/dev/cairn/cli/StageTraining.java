package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.data.ExamplePlan;
import dev.cairn.data.Holdout;
import dev.cairn.data.Question;
import dev.cairn.data.StageExamples;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.stack.StackConfig;
import dev.cairn.stack.StageConfig;
import dev.cairn.stack.TrainingConfig;
import dev.cairn.text.Tokenizer;
import dev.cairn.train.TrainSettings;
import dev.cairn.train.Trainer;
import dev.cairn.train.TrainingRun;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Trains the adapter of one stage.
 *
 * @param base the base all stages share, frozen
 * @param baseDigest tells bases apart when a run is resumed
 * @param output folder of the whole stack's adapters
 */
record StageTraining(
        StackConfig stack,
        CausalLm base,
        String baseDigest,
        Tokenizer tokenizer,
        List<Question> questions,
        Path output) {

    /** Trains and saves; an earlier run's checkpoint is gone on from when {@code resume}. */
    Trainer.Outcome train(StageConfig stage, boolean resume) {
        TrainingConfig config = stage.training();
        checkWindow(stage);
        Holdout split =
                Holdout.of(questions, config.validationCount(questions.size()), config.seed());
        List<TokenExample> training = examples(stage, split.training());
        List<TokenExample> validation = examples(stage, split.validation());
        Path directory = output.resolve(stage.name());
        LoraAdapter adapter = LoraAdapter.fresh(base, config.peft(baseName()), config.seed());
        TrainingRun run =
                new TrainingRun(
                        base,
                        adapter,
                        ExamplePlan.of(
                                training,
                                config.numEpochs(),
                                config.sequenceLen(),
                                config.microBatchSize(),
                                config.gradientAccumulationSteps(),
                                config.seed()),
                        ExamplePlan.inOrder(
                                validation, config.sequenceLen(), config.microBatchSize()),
                        settings(config),
                        directory,
                        fingerprint(config, training, validation));
        try (TrainingBar bar = new TrainingBar(stage.name())) {
            Trainer.Outcome outcome = Trainer.train(run, resume, bar);
            adapter.save(directory);
            return outcome;
        }
    }

    private void checkWindow(StageConfig stage) {
        int window = base.config().maxPositions();
        if (stage.training().sequenceLen() > window) {
            throw new CairnException(
                    "%s: training.sequence_len of stage %s: expected at most %d, the base's context window, found %d"
                            .formatted(
                                    stack.file(),
                                    stage.name(),
                                    window,
                                    stage.training().sequenceLen()));
        }
    }

    private List<TokenExample> examples(StageConfig stage, List<Question> from) {
        TrainingConfig config = stage.training();
        int end =
                base.config().eosIds().stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new CairnException(
                                        stack.baseModel().resolve("config.json")
                                                + ": eos_token_id: missing; a stage learns to end with it"));
        StageExamples.Result result =
                new StageExamples(
                                tokenizer,
                                end,
                                stage.prompt(),
                                stage.target(),
                                config.sequenceLen(),
                                config.trainOnInputs())
                        .of(from);
        if (result.truncated() > 0) {
            System.err.printf(
                    "%s: %d of %d prompts are longer than sequence_len allows and lose their beginning%n",
                    stage.name(), result.truncated(), from.size());
        }
        return result.examples();
    }

    /**
     * From the working directory if the base lies below it: a folder moved as a whole still fits.
     */
    private String baseName() {
        Path here = Path.of("").toAbsolutePath();
        Path path = stack.baseModel();
        return (path.startsWith(here) ? here.relativize(path) : path).toString().replace('\\', '/');
    }

    private static TrainSettings settings(TrainingConfig config) {
        return new TrainSettings(
                config.learningRate(),
                TrainSettings.Decay.valueOf(config.lrScheduler().name()),
                config.warmupRatio(),
                config.weightDecay(),
                config.adamBeta1(),
                config.adamBeta2(),
                config.adamEpsilon(),
                config.maxGradNorm(),
                config.evalSteps(),
                config.saveSteps(),
                config.patience(),
                config.seed());
    }

    /** What the adapter depends on; the examples stand for data, templates and tokenizer. */
    private String fingerprint(
            TrainingConfig config, List<TokenExample> training, List<TokenExample> validation) {
        return String.join(
                "\n",
                "base " + baseDigest,
                "examples " + digest(training) + " " + digest(validation),
                config.toString().replace(", ", "\n"));
    }

    private static String digest(List<TokenExample> examples) {
        int hash = 1;
        for (TokenExample example : examples) {
            hash = 31 * hash + Arrays.hashCode(example.ids());
            hash = 31 * hash + example.firstTarget();
        }
        return examples.size() + ":" + Integer.toHexString(hash);
    }
}
