package dev.cairn.recipe.evaluation;

import dev.cairn.cli.EvalBar;
import dev.cairn.cli.Provenance;
import dev.cairn.recipe.HubModelFinder;
import dev.cairn.recipe.distillation.StackQuestions;
import dev.cairn.recipe.training.LossCurves;
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
import dev.cairn.eval.run.Exam;
import dev.cairn.eval.run.TaskRun;
import dev.cairn.model.weights.WeightFormat;
import dev.cairn.stack.DataConfig;
import dev.cairn.stack.Stack;
import dev.cairn.stack.StackConfig;
import dev.cairn.stack.StageConfig;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answerer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Question sets: exact match, with intervals; several stacks compared.
 *
 * @param spec the verb, for the report's provenance
 * @param output where the adapters are; null for the YAML's output_dir
 * @param outputPath a folder for the answers of one stack; null keeps none
 * @param report a page to write; null for none
 * @param why whether to find out which stage the errors come from
 */
record QuestionEvaluation(
        CommandSpec spec,
        List<Path> files,
        List<Path> data,
        int limit,
        @Nullable Path output,
        WeightFormat format,
        @Nullable Path outputPath,
        boolean json,
        @Nullable Path report,
        boolean why) {
    /** A stack and where its adapters are. */
    private record Opened(StackConfig config, Path directory, Stack stack) {}

    void run() {
        List<StackQuestions.Asked> asked =
                data.stream().map(path -> StackQuestions.toAsk(path, limit)).toList();
        List<ItemSet> sets = asked.stream().map(StackQuestions.Asked::items).toList();
        List<Opened> stacks = files.stream().map(this::open).toList();
        // Reports tell them apart by name; better to know before hours of asking than after.
        requireDistinct("--data", sets.stream().map(ItemSet::name).toList());
        requireDistinct("STACK.yaml", stacks.stream().map(s -> s.config().name()).toList());
        ErrorAttribution whys = why ? ErrorAttribution.of(stacks.stream().map(Opened::stack).toList(), asked) : ErrorAttribution.none();
        if (outputPath != null) {
            keep(outputPath, stacks.getFirst(), sets, whys);
            return;
        }
        report(stacks.stream().map(stack -> run(stack, sets)).toList(), stacks, whys);
    }

    /** Answers are kept as they come, and what a killed run has kept is not asked again. */
    private void keep(Path folder, Opened stack, List<ItemSet> sets, ErrorAttribution whys) {
        int maxTokens = stack.config().stages().getLast().decoding().maxNewTokens();
        List<Exam> exams = sets.stream().map(set -> Exam.of(set, maxTokens)).toList();
        try (EvaluatedSystem system =
                EvaluatedSystem.ofStack(stack.config(), stack.directory(), stack.stack(), format)) {
            TaskResults run = TaskResults.of(system, exams, folder);
            List<SetResult> results = new ArrayList<>();
            for (int i = 0; i < sets.size(); i++) {
                TaskRun task = run.tasks().get(i);
                results.add(task.asSetResult(sets.get(i)));
            }
            report(List.of(new SystemRun(info(stack), results)), List.of(stack), whys);
            run.requireAll();
        }
    }

    private void report(List<SystemRun> runs, List<Opened> stacks, ErrorAttribution whys) {
        EvalReport result =
                EvalReport.of(runs, stacks.getFirst().config().name()).withWhys(whys.ask(runs));
        System.out.print(json ? result.toJson() + "\n" : result.toText());
        if (report != null) {
            page(result, stacks).write(report);
            System.err.printf("report in %s%n", report);
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
        StackConfig config = StackConfig.load(file, HubModelFinder.ofThisMachine());
        Path directory = output != null ? output : config.outputDir();
        return new Opened(config, directory, Stack.open(config, directory, format));
    }

    private static SystemRun run(Opened opened, List<ItemSet> sets) {
        Answerer stack = SingleThreaded.of(opened.stack());
        Evaluator evaluator = Evaluator.withThreads(ThreadPool.threads());
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
                        .flatMap(s -> LossCurves.of(s.config(), s.directory()).stream())
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
