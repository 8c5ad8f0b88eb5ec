package dev.cairn.cli;

import dev.cairn.cli.option.StackParameter;
import dev.cairn.cli.terminal.ProgressBars;
import dev.cairn.recipe.training.TrainedStack;
import dev.cairn.recipe.training.Training;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cairn train}: trains one adapter per stage of a stack. */
@Command(
        name = "train",
        description = "Train a stack: one adapter per stage, each in a folder of its own.")
final class Train implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private StackParameter stack = new StackParameter();

    @Option(names = "--stage", paramLabel = "NAME", description = "Train only this stage.")
    private @Nullable String only;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "Where to put the adapters, instead of the YAML's output_dir.")
    private @Nullable Path output;

    @Option(
            names = "--resume",
            description = "Continue an interrupted run; finished stages are skipped.")
    private boolean resume;

    @Override
    public Integer call() {
        Training training =
                Training.of(stack.load())
                        .resume(resume)
                        .provenance(CommandLineWords.provenance(spec))
                        .listener(new ProgressBars());
        if (output != null) {
            training.output(output);
        }
        if (only != null) {
            training.stage(only);
        }
        TrainedStack trained = training.run();
        System.err.printf("adapters in %s, report in %s%n", trained.output(), trained.report());
        return ExitCode.OK;
    }
}
