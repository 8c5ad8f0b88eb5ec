package dev.cairn.cli;

import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.option.NamedModels;
import dev.cairn.cli.terminal.ProgressBars;
import dev.cairn.recipe.probe.ModelProbes;
import dev.cairn.recipe.probe.ProbeResults;
import dev.cairn.support.Range;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn probe}: measures whether a model copies and looks up. */
@Command(
        name = "probe",
        description = {
            "Measure how well a model copies and looks up what it has just read, without training it.",
            "repeat: random tokens, then the same again; recall: a table, then the value of one of its keys; last-line: a narrative of invented words, then the last sentence about a person."
        })
final class Probe implements Callable<Integer> {
    @Parameters(
            paramLabel = "MODEL",
            description = "The model: a folder, a GGUF file or an id on the hub.")
    private String model = "";

    @Option(
            names = "--limit",
            defaultValue = "32",
            paramLabel = "N",
            description =
                    "Use only the first N texts of each kind and size (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Mixin private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        Range.atLeast("--limit", limit, 1);
        ProbeResults results =
                new ModelProbes(NamedModels.finder().find(model), limit, new ProgressBars()).run();
        System.out.print(json.isWanted() ? results.toJson() : results.toText());
        return ExitCode.OK;
    }
}
