package dev.cairn.cli;

import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.option.NamedModels;
import dev.cairn.cli.option.StackParameter;
import dev.cairn.cli.terminal.ProgressBars;
import dev.cairn.recipe.distillation.Distillation;
import dev.cairn.recipe.distillation.DistillationPreview;
import dev.cairn.recipe.distillation.DistillationResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cairn distill}: a teacher writes the stages' texts that the data lack. */
@Command(
        name = "distill",
        description =
                "Let a teacher model write the stage texts that the data lack; it is never asked the same thing twice.")
final class Distill implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private StackParameter stack = new StackParameter();

    @Option(
            names = "--dry-run",
            description = "Ask nothing; show the prompts of three questions and an estimate.")
    private boolean dryRun;

    @Option(names = "--limit", paramLabel = "N", description = "Use only the first N questions.")
    private int limit = Integer.MAX_VALUE;

    @Mixin private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit: expected at least 1, found " + limit);
        }
        Distillation distillation =
                Distillation.of(stack.load())
                        .limit(limit)
                        .models(NamedModels.finder())
                        .listener(new ProgressBars());
        if (dryRun) {
            DistillationPreview preview = distillation.preview();
            System.out.print(json.isWanted() ? preview.toJson() : preview.toText());
        } else {
            // Report what was paid for even if the run fails.
            DistillationResult result = distillation.run();
            System.out.print(json.isWanted() ? result.toJson() : result.toText());
            result.requireComplete();
        }
        return ExitCode.OK;
    }
}
