package dev.cairn.cli;

import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.option.ReportOption;
import dev.cairn.recipe.evaluation.ComparisonResults;
import dev.cairn.recipe.evaluation.RunComparison;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn compare}: compares saved evaluations. */
@Command(
        name = "compare",
        description =
                "Compare systems on the same items: scores with intervals, paired tests, and costs.")
final class Compare implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "2..*",
            paramLabel = "[NAME=]DIR[,DIR...]",
            description =
                    "Folders written by cairn eval --output_path, one per system. Join several runs of one system, such as different seeds, with commas. The first system is compared with each of the others.")
    private List<String> systems = List.of();

    @Mixin private JsonOption json = new JsonOption();
    @Mixin private ReportOption report = new ReportOption();

    @Override
    public Integer call() {
        RunComparison comparison = RunComparison.of().provenance(CommandLineWords.provenance(spec));
        systems.forEach(argument -> add(comparison, argument));
        ComparisonResults results = comparison.run();
        System.out.print(json.isWanted() ? results.toJson() : results.toText());
        report.write(results::toHtml);
        return ExitCode.OK;
    }

    private static void add(RunComparison comparison, String argument) {
        int at = argument.indexOf('=');
        Path[] folders =
                Stream.of(argument.substring(at + 1).split(",", -1))
                        .map(Path::of)
                        .toArray(Path[]::new);
        if (at > 0) {
            comparison.system(argument.substring(0, at), folders);
        } else {
            comparison.system(folders);
        }
    }
}
