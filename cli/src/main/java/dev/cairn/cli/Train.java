package dev.cairn.cli;

import dev.cairn.recipe.HubModelFinder;
import dev.cairn.recipe.training.LossCurves;
import dev.cairn.recipe.training.StackCorrections;
import dev.cairn.recipe.training.StageTraining;
import dev.cairn.recipe.training.TrainingClock;
import dev.cairn.recipe.training.TrainingQuestions;
import dev.cairn.CairnException;
import dev.cairn.data.Corrections;
import dev.cairn.data.Question;
import dev.cairn.eval.Fact;
import dev.cairn.eval.HtmlReport;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.stack.StackConfig;
import dev.cairn.stack.StageConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.train.Trainer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn train}: a stack's YAML to one adapter per stage. */
@Command(
        name = "train",
        description = "Trains the adapter of every stage of a stack, each in a folder of its own.")
final class Train implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "STACK.yaml", description = "The stack.")
    private Path file = Path.of("");

    @Option(names = "--stage", paramLabel = "NAME", description = "Train this stage only.")
    private @Nullable String only;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where the adapters go, instead of the YAML's output_dir.")
    private @Nullable Path output;

    @Option(
            names = "--resume",
            description = "Go on where an earlier run stopped; finished stages are left alone.")
    private boolean resume;

    @Override
    public Integer call() {
        StackConfig stack = StackConfig.load(file, HubModelFinder.ofThisMachine());
        Path directory = output != null ? output : stack.outputDir();
        List<StageConfig> stages = stages(stack);
        stages.forEach(stage -> refuseWhatIsThere(directory.resolve(stage.name())));
        CausalLm base = Models.open(stack.baseModel());
        Tokenizer tokenizer = Tokenizer.load(stack.baseModel());
        Corrections corrections = StackCorrections.of(stack);
        List<Question> questions = TrainingQuestions.questions(stack, tokenizer);
        StageTraining training =
                new StageTraining(
                        stack,
                        base,
                        Models.digest(stack.baseModel()),
                        tokenizer,
                        questions,
                        corrections,
                        directory,
                        TrainingClock.of(stack.stages(), directory));
        // All of them before the first: a mistake in the last stage shows now, not in an hour.
        List<StageTraining.Prepared> prepared = stages.stream().map(training::prepare).toList();
        List<Fact> results = new ArrayList<>();
        for (StageTraining.Prepared stage : prepared) {
            String result = describe(training.ready(stage).train(resume));
            results.add(new Fact("Stage " + stage.stage().name(), result));
            System.err.printf("%s: %s%n", stage.stage().name(), result);
        }
        Path report = directory.resolve("report.html");
        report(stack, directory, questions.size(), results).write(report);
        System.err.printf("adapters in %s, report in %s%n", directory, report);
        return 0;
    }

    private List<StageConfig> stages(StackConfig stack) {
        List<StageConfig> trained = stack.trained();
        List<StageConfig> chosen =
                only == null
                        ? trained
                        : trained.stream().filter(s -> s.name().equals(only)).toList();
        if (chosen.isEmpty()) {
            throw new CairnException(
                    "%s: %s; the stages to train are: %s"
                            .formatted(
                                    file,
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
                            + ": holds an adapter or an earlier run; go on with --resume, choose another --output, or delete the folder");
        }
        if (hasAdapter && !isBegun) {
            throw new CairnException(
                    directory
                            + ": holds an adapter but no run to go on with; choose another --output, or delete the folder");
        }
    }

    static String describe(Trainer.Outcome outcome) {
        return Double.isInfinite(outcome.bestLoss())
                ? outcome.steps() + " steps, no validation set"
                : String.format(
                        Locale.ROOT,
                        "%d steps, best validation loss %.4f at step %d",
                        outcome.steps(),
                        outcome.bestLoss(),
                        outcome.bestStep());
    }

    private HtmlReport report(
            StackConfig stack, Path directory, int questions, List<Fact> results) {
        String base = stack.baseId();
        List<Fact> facts = new ArrayList<>(results);
        facts.add(new Fact("Base", base == null ? stack.baseModel().toString() : base));
        facts.add(new Fact("Questions", Integer.toString(questions)));
        return HtmlReport.ofTraining(
                "Training of " + stack.name(),
                "One adapter per stage, each trained for its step alone.",
                LossCurves.of(stack, directory),
                Provenance.of(spec, Clock.system(ZoneId.systemDefault()), facts));
    }
}
