package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.config.OptimizerName;
import dev.cairn.data.Corrections;
import dev.cairn.data.ExamplePlan;
import dev.cairn.data.Holdout;
import dev.cairn.data.Question;
import dev.cairn.data.StageExamples;
import dev.cairn.data.TokenExample;
import dev.cairn.model.LoraAdapter;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.config.TrainingConfig;
import dev.cairn.stack.engine.UpstreamWriter;
import dev.cairn.train.Fingerprint;
import dev.cairn.train.Measure;
import dev.cairn.train.TrainSettings;
import dev.cairn.train.TrainingRun;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Trains the adapters of a stack's stages.
 *
 * @param corrections people's corrections of what the stages wrote
 * @param output folder of the whole stack's adapters
 * @param clock the time for chat templates
 */
record StageTraining(
        StackConfig stack,
        TrainingBase base,
        List<Question> questions,
        Corrections corrections,
        Path output,
        Clock clock,
        RecipeListener listener) {

    /**
     * Renders and encodes the stage's training examples.
     *
     * @throws CairnException if the questions lack a text the stage needs, or its settings do not
     *     fit the base
     */
    PreparedStage prepare(StageConfig stage) {
        return naming(
                stage,
                () -> {
                    checkUpstream(stage);
                    tellCorrections(stage);
                    return prepared(stage, Map.of());
                });
    }

    /**
     * The final form of a prepared stage, once the stages before it are trained: its prompts show
     * what those stages really write, for the share that {@code upstream} sets.
     *
     * @throws CairnException if a stage before it has no adapter yet
     */
    PreparedStage ready(PreparedStage prepared) {
        StageConfig stage = prepared.stage();
        return readsStudent(stage)
                ? naming(stage, () -> prepared(stage, writtenBefore(stage)))
                : prepared;
    }

    private boolean readsStudent(StageConfig stage) {
        return stage.training().upstream().student() > 0 && !stack.upstreamOf(stage).isEmpty();
    }

    /** Checks earlier stages' adapters now. Adapters that this run trains need not exist yet. */
    private void checkUpstream(StageConfig stage) {
        if (readsStudent(stage)) {
            List<StageConfig> trained = stack.trained();
            student(stack.upstreamOf(stage).stream().filter(s -> !trained.contains(s)).toList())
                    .close();
        }
    }

    private Map<String, Map<String, String>> writtenBefore(StageConfig stage) {
        try (UpstreamWriter student = student(stack.upstreamOf(stage))) {
            return new UpstreamSampling(stack, stage, student, listener).of(questions);
        }
    }

    private UpstreamWriter student(List<StageConfig> stages) {
        return UpstreamWriter.open(stack, stages, base.upstream(), output, clock);
    }

    private PreparedStage naming(StageConfig stage, Supplier<PreparedStage> preparing) {
        try {
            return preparing.get();
        } catch (CairnException e) {
            throw e.at(stack.file(), "stage " + stage.name());
        }
    }

    /**
     * @param written outputs of the stages before it, by question and stage
     */
    private PreparedStage prepared(StageConfig stage, Map<String, Map<String, String>> written) {
        TrainingConfig config = stage.training();
        base.checkWindow(config);
        LoraAdapter adapter =
                LoraAdapter.fresh(base.model(), base.peft(stack, config), config.seed());
        List<Question> corrected = corrected(stage);
        Holdout split = split(config).without(inputs(corrected));
        List<TokenExample> examples =
                examples(stage, concat(split.training(), split.validation()), written);
        int count = split.training().size();
        // Corrections are never held out for validation, because they are few and meant to be
        // learnt. Their prompts are used as they are.
        List<TokenExample> corrections = examples(stage, corrected, Map.of());
        List<TokenExample> training = concat(examples.subList(0, count), corrections);
        List<TokenExample> validation = examples.subList(count, examples.size());
        TrainingRun run =
                new TrainingRun(
                        base.model(),
                        adapter,
                        ExamplePlan.of(
                                training,
                                config.batches().numEpochs(),
                                config.batches().sequenceLen(),
                                config.batches().microBatchSize(),
                                config.batches().gradientAccumulationSteps(),
                                config.seed()),
                        ExamplePlan.inOrder(
                                validation,
                                config.batches().sequenceLen(),
                                config.batches().microBatchSize()),
                        Measure.NONE,
                        settings(config),
                        output.resolve(stage.name()),
                        fingerprint(config, corrections, training, validation));
        return new PreparedStage(stage, adapter, run);
    }

    private Holdout split(TrainingConfig config) {
        return Holdout.of(questions, config.validationCount(questions.size()), config.seed());
    }

    private List<Question> corrected(StageConfig stage) {
        return corrections.of(
                stage.name(),
                Stream.of(stage.prompt().variables(), stage.target().variables())
                        .flatMap(Set::stream)
                        .collect(Collectors.toSet()));
    }

    private static Set<String> inputs(List<Question> questions) {
        return questions.stream().map(Question::input).collect(Collectors.toSet());
    }

    private void tellCorrections(StageConfig stage) {
        List<Question> corrected = corrected(stage);
        if (!corrected.isEmpty()) {
            Set<String> inputs = inputs(corrected);
            long replaced = questions.stream().filter(q -> inputs.contains(q.input())).count();
            notice(
                    "%s: corrections used: %d, questions replaced: %d"
                            .formatted(stage.name(), corrected.size(), replaced));
        }
    }

    private void notice(String text) {
        listener.on(new RecipeEvent.Notice(text));
    }

    private static <T> List<T> concat(List<T> first, List<T> then) {
        return Stream.of(first, then).flatMap(List::stream).toList();
    }

    private List<TokenExample> examples(
            StageConfig stage, List<Question> from, Map<String, Map<String, String>> written) {
        TrainingConfig config = stage.training();
        StageExamples.Result result =
                new StageExamples(
                                base.tokenizer(),
                                base.end(),
                                stage.prompt().renderer(stack.baseModel(), clock),
                                stage.target(),
                                config.batches().sequenceLen(),
                                config.trainOnInputs())
                        .of(from, written);
        if (result.truncated() > 0) {
            notice(
                    "%s: %d of %d prompts are longer than sequence_len allows and lose their beginning"
                            .formatted(stage.name(), result.truncated(), from.size()));
        }
        return result.examples();
    }

    private static TrainSettings settings(TrainingConfig config) {
        return new TrainSettings(
                config.schedule(),
                OptimizerName.ADAMW,
                config.optimizer(),
                config.checkpoints(),
                config.seed(),
                config.gradientCheckpointing());
    }

    /** Everything the adapter depends on; the examples cover data, templates and tokenizer. */
    private String fingerprint(
            TrainingConfig config,
            List<TokenExample> corrections,
            List<TokenExample> training,
            List<TokenExample> validation) {
        Fingerprint fingerprint = new Fingerprint().add("base", base.digest()).add("", config);
        if (!corrections.isEmpty()) {
            fingerprint.addExamples("corrections", corrections);
        }
        return fingerprint
                .addExamples("examples to train on", training)
                .addExamples("examples to validate on", validation)
                .toString();
    }
}
