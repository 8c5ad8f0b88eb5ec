package dev.cairn.cli;

import dev.cairn.cli.terminal.ProgressBars;
import dev.cairn.recipe.training.PretrainedModel;
import dev.cairn.recipe.training.Pretraining;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn pretrain}: trains a base model from text. */
@Command(name = "pretrain", description = "Train a tokenizer and a base model from text.")
final class Pretrain implements Callable<Integer> {
    @Parameters(
            paramLabel = "CONFIG.yaml",
            description = "The model, its training text and the settings.")
    private Path file = Path.of("");

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Output folder, instead of the YAML's output_dir.")
    private @Nullable Path output;

    @Option(names = "--resume", description = "Continue an interrupted run.")
    private boolean resume;

    @Override
    public Integer call() {
        Pretraining pretraining =
                Pretraining.load(file).resume(resume).listener(new ProgressBars());
        if (output != null) {
            pretraining.output(output);
        }
        PretrainedModel model = pretraining.run();
        System.err.printf("pretrain: %s; model in %s%n", model.outcome(), model.directory());
        return ExitCode.OK;
    }
}
