package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.eval.EvalReport;
import dev.cairn.eval.Evaluator;
import dev.cairn.eval.Fact;
import dev.cairn.eval.HtmlReport;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.LossCurve;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemInfo;
import dev.cairn.eval.SystemRun;
import dev.cairn.stack.DataConfig;
import dev.cairn.stack.Stack;
import dev.cairn.stack.StackConfig;
import dev.cairn.stack.StageConfig;
import dev.cairn.tensor.Workers;
import dev.cairn.text.Answerer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn eval}: exact match on question sets, with intervals; several stacks compared. */
@Command(
        name = "eval",
        description =
                "Asks stacks every question of a set and says how many they get right, and how sure that is.")
final class Eval implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            arity = "1..*",
            paramLabel = "STACK.yaml",
            description = "Stacks; the first is compared with each of the others.")
    private List<Path> files = List.of();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR",
            description =
                    "Questions in a format that training reads too; repeatable, one set each.")
    private List<Path> data = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Only the first N questions of each file.")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a page with table, loss curves and traces too.")
    private @Nullable Path report;

    @Option(
            names = "--why",
            description =
                    "Say too which stage the errors come from and whether the answers follow the stages' texts; needs questions with the gold text of every stage.")
    private boolean why;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Where the adapters are, instead of the YAML's output_dir; for one stack.")
    private @Nullable Path output;

    @Mixin private QuantOption quant = new QuantOption();

    /** A stack and where its adapters are. */
    private record Opened(StackConfig config, Path directory, Stack stack) {}

    @Override
    public Integer call() {
        checkUsage();
        List<Questions.Asked> asked =
                data.stream().map(path -> Questions.toAsk(path, limit)).toList();
        List<ItemSet> sets = asked.stream().map(Questions.Asked::items).toList();
        List<Opened> stacks = files.stream().map(this::open).toList();
        // Reports tell them apart by name; better to know before hours of asking than after.
        requireDistinct("--data", sets.stream().map(ItemSet::name).toList());
        requireDistinct("STACK.yaml", stacks.stream().map(s -> s.config().name()).toList());
        Whys whys = why ? Whys.of(stacks.stream().map(Opened::stack).toList(), asked) : Whys.none();
        List<SystemRun> runs = stacks.stream().map(stack -> run(stack, sets)).toList();
        EvalReport result =
                EvalReport.of(runs, stacks.getFirst().config().name()).withWhys(whys.ask(runs));
        System.out.print(json ? result.toJson() + "\n" : result.toText());
        if (report != null) {
            page(result, stacks).write(report);
            System.err.printf("report in %s%n", report);
        }
        return 0;
    }

    private void checkUsage() {
        if (limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit: expected at least 1, found " + limit);
        }
        if (output != null && files.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(), "--output goes with one stack, found " + files.size());
        }
    }

    private static void requireDistinct(String what, List<String> names) {
        for (String name : names) {
            if (Collections.frequency(names, name) > 1) {
                throw new CairnException(
                        "%s: two of them are called '%s'; give each its own name"
                                .formatted(what, name));
            }
        }
    }

    private Opened open(Path file) {
        StackConfig config = StackConfig.load(file, ModelPaths.ofThisMachine());
        Path directory = output != null ? output : config.outputDir();
        return new Opened(config, directory, Stack.open(config, directory, quant.format()));
    }

    private static SystemRun run(Opened opened, List<ItemSet> sets) {
        // One question per core, each on its own thread, beats one question on all cores.
        Answerer stack =
                (input, onText) -> Workers.inline(() -> opened.stack().answer(input, onText));
        Evaluator evaluator = Evaluator.withThreads(Workers.threads());
        List<SetResult> results = new ArrayList<>();
        for (ItemSet set : sets) {
            try (EvalBar bar =
                    new EvalBar(opened.config().name(), set.name(), set.items().size())) {
                results.add(evaluator.evaluate(stack, set, bar));
            }
        }
        return new SystemRun(info(opened), results);
    }

    private static SystemInfo info(Opened opened) {
        StackConfig config = opened.config();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Base", config.baseName()));
        facts.add(
                new Fact(
                        "Stages",
                        config.stages().stream()
                                .map(StageConfig::name)
                                .collect(Collectors.joining(", "))));
        facts.add(
                new Fact(
                        "Trained parameters",
                        String.format(Locale.ROOT, "%,d", opened.stack().adapterParameters())));
        facts.add(new Fact("Trained on", trainedOn(config)));
        return new SystemInfo(config.name(), config.description(), facts);
    }

    private static String trainedOn(StackConfig config) {
        if (config.trained().isEmpty()) {
            return "nothing";
        }
        return switch (config.data()) {
            case null -> "unknown data";
            case DataConfig.Files files -> trainedOn(files);
            case DataConfig.Stories stories ->
                    String.format(
                            Locale.ROOT,
                            "%,d generated questions, seed %d",
                            stories.count(),
                            stories.seed());
        };
    }

    private static String trainedOn(DataConfig.Files files) {
        DataConfig.Sample sample = files.sample();
        return sample == null
                ? String.valueOf(files.path().getFileName())
                : String.format(
                        Locale.ROOT,
                        "%,d questions of %s, seed %d",
                        sample.count(),
                        files.path().getFileName(),
                        sample.seed());
    }

    private HtmlReport page(EvalReport result, List<Opened> stacks) {
        List<LossCurve> curves =
                stacks.stream()
                        .flatMap(s -> Curves.of(s.config(), s.directory()).stream())
                        .toList();
        String names =
                stacks.stream().map(s -> s.config().name()).collect(Collectors.joining(", "));
        return HtmlReport.ofEvaluation(
                "Evaluation of " + names,
                "Exact match on questions no system was trained on, with 95 % intervals.",
                result,
                curves,
                Provenance.of(spec, Clock.system(ZoneId.systemDefault()), List.of()));
    }
}
