package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.recipe.evaluation.QuestionEvaluation;
import dev.cairn.recipe.evaluation.QuestionResults;
import dev.cairn.recipe.evaluation.TaskEvaluation;
import dev.cairn.recipe.evaluation.TaskResults;
import dev.cairn.stack.StackConfig;
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

/** {@code cairn eval}: benchmarks as lm-evaluation-harness scores them, or question sets. */
@Command(
        name = "eval",
        description = {
            "Says how good a system is, and how sure that is.",
            "With --tasks one system of any sort is put to benchmarks, scored as lm-evaluation-harness scores them. Without, stacks are asked every question of the sets that --data names, and compared."
        })
final class Eval implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "SYSTEM",
            description =
                    "A stack's YAML; with --tasks also a model or a PEFT adapter (a folder or ORG/NAME on the hub), or the address of an OpenAI-compatible server such as http://localhost:8000/v1. Of several stacks the first is compared with each of the others.")
    private List<String> systems = List.of();

    @Option(
            names = "--data",
            paramLabel = "FILE|DIR",
            description =
                    "Questions in a format that training reads too; repeatable, one set each. With --tasks: the folder of the benchmarks' files.")
    private List<Path> data = List.of();

    @Option(
            names = "--tasks",
            split = ",",
            paramLabel = "TASK",
            description =
                    "Benchmarks, separated by commas: names of those that come with Cairn, or YAML files of your own.")
    private List<String> tasks = List.of();

    @Option(
            names = "--num_fewshot",
            paramLabel = "N",
            description = "Examples before each question of a task, instead of the task's own.")
    private @Nullable Integer numFewshot;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only the first N questions of each file.")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--output_path",
            paramLabel = "DIR",
            description =
                    "Keep results.json and samples_TASK.jsonl there, of one system. Samples are kept as they come: run again with the same folder to go on after an interruption.")
    private @Nullable Path outputPath;

    @Option(
            names = "--log_samples",
            description =
                    "As in lm_eval; with --output_path samples are always kept, so it changes nothing there, and without it there is no place for them.")
    private boolean logSamples;

    @Option(names = "--model", paramLabel = "NAME", description = "The model's name on the server.")
    private @Nullable String model;

    @Option(
            names = "--api_key_env",
            paramLabel = "VARIABLE",
            description = "The variable of the environment that holds the server's key.")
    private @Nullable String apiKeyEnv;

    @Mixin private JsonOption json = new JsonOption();
    @Mixin private ReportOption report = new ReportOption();

    @Option(
            names = "--why",
            description =
                    "Say too which stage the errors come from and whether the answers follow the stages' texts; needs questions with the gold text of every stage.")
    private boolean why;

    @Mixin private AdaptersOption adapters = new AdaptersOption();
    @Mixin private QuantOption quant = new QuantOption();

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
                "--log_samples: there is no place for samples; name one with --output_path");
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
                "a server can be put to --tasks; question sets are for stacks");
    }

    private void questions() {
        QuestionEvaluation evaluation =
                QuestionEvaluation.of(systems.stream().map(this::path).map(NamedModels::stack).toList())
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
        report.write(results.page());
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
                        ? "a server needs --model, the name it has for the model"
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
                ? TaskEvaluation.of(NamedModels.stack(Path.of(system)))
                : TaskEvaluation.ofModel(system);
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
