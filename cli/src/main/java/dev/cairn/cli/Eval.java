package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.AdaptersOption;
import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.option.LockedOption;
import dev.cairn.cli.option.NamedModels;
import dev.cairn.cli.option.QuantOption;
import dev.cairn.cli.option.ReportOption;
import dev.cairn.cli.terminal.ProgressBars;
import dev.cairn.recipe.evaluation.QuestionEvaluation;
import dev.cairn.recipe.evaluation.QuestionResults;
import dev.cairn.recipe.evaluation.TaskEvaluation;
import dev.cairn.recipe.evaluation.TaskResults;
import dev.cairn.stack.config.StackConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code cairn eval}: evaluates systems on benchmarks, scored as in lm-evaluation-harness, or on
 * question sets.
 */
@Command(
        name = "eval",
        description = {
            "Measure how good a system is, with confidence intervals.",
            "With --tasks, evaluate one system of any kind on benchmarks, scored as in lm-evaluation-harness. Without, ask one or more stacks the questions of --data and compare them."
        })
final class Eval implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "SYSTEM",
            description =
                    "A stack's YAML. With --tasks also a model or a PEFT adapter (a folder, or ORG/NAME on the hub) or the address of an OpenAI-compatible server, such as http://localhost:8000/v1. If there are several stacks, the first is compared with each of the others.")
    private List<String> systems = List.of();

    @Option(
            names = "--data",
            paramLabel = "FILE|DIR",
            description =
                    "Questions, in any format that training reads; repeat the option for several sets. With --tasks: the folder with the benchmark files.")
    private List<Path> data = List.of();

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "TASK",
            description =
                    "Benchmarks, separated by commas: names of bundled ones, or your own YAML files.")
    private List<String> tasks = List.of();

    @Option(
            names = "--num_fewshot",
            paramLabel = "N",
            description = "Number of examples before each question, instead of the task's own.")
    private @Nullable Integer numFewshot;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Use only the first N questions of each file.")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--output_path",
            paramLabel = "DIR",
            description =
                    "Store results.json and samples_TASK.jsonl of one system there. Samples are stored as they arrive: to continue after an interruption, run again with the same folder.")
    private @Nullable Path outputPath;

    @Option(
            names = "--log_samples",
            description =
                    "Accepted for compatibility with lm_eval: with --output_path samples are always stored; without it, this is an error.")
    private boolean logSamples;

    @Option(names = "--model", paramLabel = "NAME", description = "The model's name on the server.")
    private @Nullable String model;

    @Option(
            names = "--api_key_env",
            paramLabel = "VARIABLE",
            description = "Environment variable with the server's key.")
    private @Nullable String apiKeyEnv;

    @Mixin private JsonOption json = new JsonOption();
    @Mixin private ReportOption report = new ReportOption();

    @Option(
            names = "--why",
            description =
                    "Also say which stage causes the wrong answers, and whether answers follow the stages' texts. Needs questions with the gold text of every stage.")
    private boolean why;

    @Mixin private AdaptersOption adapters = new AdaptersOption();
    @Mixin private QuantOption quant = new QuantOption();
    @Mixin private LockedOption locked = new LockedOption();

    @Override
    public Integer call() {
        require(limit >= 1, "--limit: expected at least 1, found " + limit);
        require(
                adapters.directory() == null || systems.size() == 1,
                "--output goes with one stack, found " + systems.size());
        require(
                outputPath == null || systems.size() == 1,
                "--output_path goes with one system, found " + systems.size());
        require(
                !logSamples || outputPath != null,
                "--log_samples needs --output_path, the folder for the samples");
        systems.stream().filter(system -> !StackConfig.isFile(system)).forEach(locked::refuse);
        if (tasks.isEmpty()) {
            checkQuestions();
            questions();
        } else {
            checkTasks();
            tasks();
        }
        return ExitCode.OK;
    }

    private void checkQuestions() {
        require(!data.isEmpty(), "Missing required option: '--data=FILE|DIR' (or --tasks=TASK)");
        require(numFewshot == null, "--num_fewshot goes with --tasks");
        require(model == null && apiKeyEnv == null, "--model and --api_key_env go with --tasks");
        require(
                systems.stream().noneMatch(Eval::isAddress),
                "a server can only be evaluated with --tasks; question sets are for stacks");
    }

    private void questions() {
        QuestionEvaluation evaluation =
                QuestionEvaluation.of(systems.stream().map(this::path).map(this::stack).toList())
                        .limit(limit)
                        .why(why)
                        .format(quant.format())
                        .provenance(CommandLineWords.provenance(spec))
                        .listener(new ProgressBars());
        data.forEach(evaluation::questions);
        if (outputPath != null) {
            evaluation.samples(outputPath);
        }
        if (adapters.directory() != null) {
            evaluation.adapters(adapters.directory());
        }
        QuestionResults results = evaluation.run();
        System.out.print(json.isWanted() ? results.toJson() + "\n" : results.toText());
        report.write(results::toHtml);
        results.requireComplete();
    }

    private void checkTasks() {
        require(systems.size() == 1, "--tasks goes with one system, found " + systems.size());
        require(data.size() <= 1, "with --tasks, --data names one folder, found " + data.size());
        require(!report.isWanted(), "--report is for question sets");
        require(!why, "--why is for question sets that have the stages' gold texts");
        require(
                numFewshot == null || numFewshot >= 0,
                "--num_fewshot: expected 0 or more, found " + numFewshot);
        boolean isServer = isAddress(systems.getFirst());
        require(
                isServer == (model != null),
                isServer
                        ? "a server needs --model, the model's name there"
                        : "--model goes with the address of a server");
        require(isServer || apiKeyEnv == null, "--api_key_env goes with the address of a server");
        require(
                adapters.directory() == null || StackConfig.isFile(systems.getFirst()),
                "--output goes with a stack's YAML");
    }

    private void tasks() {
        TaskEvaluation evaluation =
                evaluated(systems.getFirst())
                        .tasks(tasks)
                        .limit(limit)
                        .format(quant.format())
                        .models(NamedModels.finder())
                        .listener(new ProgressBars());
        data.forEach(evaluation::data);
        if (numFewshot != null) {
            evaluation.numFewshot(numFewshot);
        }
        if (outputPath != null) {
            evaluation.samples(outputPath);
        }
        if (adapters.directory() != null) {
            evaluation.adapters(adapters.directory());
        }
        if (apiKeyEnv != null) {
            evaluation.apiKeyEnv(apiKeyEnv);
        }
        TaskResults results = evaluation.run();
        System.out.print(json.isWanted() ? results.toJson() + "\n" : results.toText());
        results.notes().forEach(System.err::println);
        results.requireComplete();
    }

    private TaskEvaluation evaluated(String system) {
        if (model != null) {
            return TaskEvaluation.ofServer(address(system), model);
        }
        return StackConfig.isFile(system)
                ? TaskEvaluation.of(stack(Path.of(system)))
                : TaskEvaluation.ofModel(system);
    }

    private StackConfig stack(Path file) {
        StackConfig stack = NamedModels.stack(file);
        locked.check(stack, adapters.of(stack));
        return stack;
    }

    private static URI address(String system) {
        try {
            return new URI(system);
        } catch (URISyntaxException e) {
            throw new CairnException(
                    "expected an address such as http://localhost:8000/v1, found '" + system + "'",
                    e);
        }
    }

    /** Whether a system is a server. */
    private static boolean isAddress(String system) {
        return system.regionMatches(true, 0, "http://", 0, 7)
                || system.regionMatches(true, 0, "https://", 0, 8);
    }

    private Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new ParameterException(
                    spec.commandLine(), "expected the path of a stack, found '" + file + "'", e);
        }
    }

    private void require(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
