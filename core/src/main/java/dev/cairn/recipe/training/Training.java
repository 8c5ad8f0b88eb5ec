package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.Corrections;
import dev.cairn.data.Question;
import dev.cairn.eval.Fact;
import dev.cairn.eval.LossCurve;
import dev.cairn.eval.report.HtmlReport;
import dev.cairn.model.LoraAdapter;
import dev.cairn.recipe.Provenance;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.LossCurves;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.train.Trainer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A training run for the adapters of a stack's stages, each in its own folder. They are trained on
 * the data that the stack's configuration names, on the teacher's texts and on corrections.
 *
 * <p>The same configuration and data give the same bytes, no matter how often a run is interrupted
 * and resumed, and for any number of threads.
 */
public final class Training {
    private final StackConfig stack;
    private Path output;
    private @Nullable String only;
    private boolean resume;
    private RecipeListener listener = RecipeListener.NONE;
    private Provenance provenance = Provenance.ofThisProgram();

    private Training(StackConfig stack) {
        this.stack = stack;
        this.output = stack.outputDir();
    }

    /** The training of a stack. */
    public static Training of(StackConfig stack) {
        return new Training(stack);
    }

    /** Sets the folder for the adapters; by default the stack's output folder. */
    public Training output(Path directory) {
        output = directory;
        return this;
    }

    /** Limits the training to this stage. */
    public Training stage(String name) {
        only = name;
        return this;
    }

    /** Sets whether to continue an earlier run; finished stages are left as they are. */
    public Training resume(boolean isWanted) {
        resume = isWanted;
        return this;
    }

    /** Sets the listener for events. */
    public Training listener(RecipeListener other) {
        listener = other;
        return this;
    }

    /** Sets the provenance shown in the report. */
    public Training provenance(Provenance other) {
        provenance = other;
        return this;
    }

    /**
     * Trains.
     *
     * @throws CairnException if the configuration, the data and the base do not fit together; if a
     *     folder contains an adapter or, unless resumed, an earlier run; if there is no stage to
     *     train; or if the loss becomes NaN
     */
    public TrainedStack run() {
        List<StageConfig> stages = stages();
        stages.forEach(stage -> refuseWhatIsThere(output.resolve(stage.name())));
        TrainingBase base = TrainingBase.open(stack.baseModel());
        Corrections corrections = LearntCorrections.of(stack, listener);
        List<Question> questions = TrainingQuestions.of(stack, base.tokenizer(), listener);
        StageTraining training =
                new StageTraining(
                        stack,
                        base,
                        questions,
                        corrections,
                        output,
                        TrainingClock.of(stack.stages(), output),
                        listener);
        // Prepare all stages first, so that a mistake in the last one shows now and not in an hour.
        List<PreparedStage> prepared = stages.stream().map(training::prepare).toList();
        List<TrainedStage> trained =
                prepared.stream()
                        .map(stage -> training.ready(stage).train(resume, listener))
                        .toList();
        List<LossCurve> curves = LossCurves.of(stack, output);
        Path report = output.resolve("report.html");
        report(trained, questions.size(), curves).write(report);
        return new TrainedStack(stack, output, trained, curves, report);
    }

    private List<StageConfig> stages() {
        List<StageConfig> trained = stack.trained();
        List<StageConfig> chosen =
                only == null
                        ? trained
                        : trained.stream().filter(s -> s.name().equals(only)).toList();
        if (chosen.isEmpty()) {
            throw new CairnException(
                    "%s: %s; the stages to train are: %s"
                            .formatted(
                                    stack.file(),
                                    only == null
                                            ? "no stage has an adapter to train"
                                            : "there is no stage " + only + " to train",
                                    String.join(
                                            ", ",
                                            trained.stream().map(StageConfig::name).toList())));
        }
        return chosen;
    }

    private void refuseWhatIsThere(Path directory) {
        boolean isBegun = Trainer.hasBegun(directory);
        boolean hasAdapter = LoraAdapter.exists(directory);
        if (!resume && (isBegun || hasAdapter)) {
            throw new CairnException(
                            directory
                                    + ": contains an adapter or an earlier run; resume it, choose another output folder, or delete this one")
                    .suggesting("resume", "output");
        }
        if (hasAdapter && !isBegun) {
            throw new CairnException(
                            directory
                                    + ": contains an adapter but no run to continue; choose another output folder, or delete this one")
                    .suggesting("output");
        }
    }

    private HtmlReport report(List<TrainedStage> trained, int questions, List<LossCurve> curves) {
        String base = stack.baseId();
        List<Fact> facts = new ArrayList<>();
        trained.forEach(
                stage -> facts.add(new Fact("Stage " + stage.name(), stage.outcome().toString())));
        facts.add(new Fact("Base", base == null ? stack.baseModel().toString() : base));
        facts.add(new Fact("Questions", Integer.toString(questions)));
        return HtmlReport.ofTraining(
                "Training of " + stack.name(),
                "One adapter per stage, each trained for its step alone.",
                curves,
                provenance.facts(facts));
    }
}
