package dev.cairn.cli;

import dev.cairn.cli.option.NamedModels;
import dev.cairn.cli.option.QuantOption;
import dev.cairn.cli.terminal.ProgressBars;
import dev.cairn.config.WeightFormat;
import dev.cairn.recipe.bench.BenchResults;
import dev.cairn.recipe.bench.ModelBench;
import dev.cairn.support.Range;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn bench}: measures how fast a model is on this machine. */
@Command(
        name = "bench",
        description = {
            "Measure how fast a model reads, writes and learns on this machine, in the form of llama-bench.",
            "pp: reading a prompt; tg: writing; x8: eight at once, all their tokens together; train: LoRA of rank 8 on all linear layers. Means and standard deviations, in tokens per second."
        })
final class Bench implements Callable<Integer> {
    private enum Format {
        TABLE,
        MD,
        JSON
    }

    @Parameters(
            paramLabel = "MODEL",
            description = "The model: a folder, a GGUF file or an id on the hub.")
    private String model = "";

    @Option(
            names = {"-p", "--n-prompt"},
            paramLabel = "N",
            description =
                    "Tokens of the prompt (512, or what the context window holds); 0 leaves it out.")
    private @Nullable Integer promptTokens;

    @Option(
            names = {"-n", "--n-gen"},
            paramLabel = "N",
            description = "Tokens to write (128); 0 leaves it out.")
    private @Nullable Integer newTokens;

    @Option(
            names = {"-d", "--n-depth"},
            defaultValue = "1",
            paramLabel = "N",
            description = "Tokens before those that are written (default: ${DEFAULT-VALUE}).")
    private int depth;

    @Option(
            names = "--parallel",
            split = ",",
            defaultValue = "1,2,4,8",
            paramLabel = "N",
            description = "How many are written at once (default: ${DEFAULT-VALUE}).")
    private List<Integer> parallel = List.of();

    @Option(
            names = "--train",
            paramLabel = "N",
            description = "Tokens of a step of training (512); 0 leaves it out, as does --quant.")
    private @Nullable Integer trainTokens;

    @Option(
            names = {"-r", "--repetitions"},
            defaultValue = "5",
            paramLabel = "N",
            description = "How often each is measured (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--format",
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table, md or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    @Mixin private QuantOption quant = new QuantOption();

    @Override
    public Integer call() {
        notNegative("--n-prompt", promptTokens);
        notNegative("--n-gen", newTokens);
        notNegative("--train", trainTokens);
        Range.atLeast("--n-depth", depth, 1);
        Range.atLeast("--repetitions", repetitions, 1);
        parallel.forEach(sequences -> Range.within("--parallel", sequences, 1, 256));
        // Weights that were quantised in memory do not train.
        boolean trains = quant.format() == WeightFormat.AS_STORED;
        ModelBench bench =
                new ModelBench(
                        NamedModels.finder().find(model),
                        quant.format(),
                        new ModelBench.Work(
                                promptTokens,
                                newTokens,
                                depth,
                                parallel,
                                trains ? trainTokens : Integer.valueOf(0),
                                repetitions),
                        ModelBench.USUAL_WARM_UP,
                        new ProgressBars());
        BenchResults results = bench.run();
        System.out.print(
                switch (format) {
                    case TABLE -> results.toText();
                    case MD -> results.toMarkdown();
                    case JSON -> results.toJson();
                });
        return ExitCode.OK;
    }

    private static void notNegative(String option, @Nullable Integer value) {
        if (value != null) {
            Range.atLeast(option, value, 0);
        }
    }
}
