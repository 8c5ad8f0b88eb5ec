package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.eval.compare.ComparedSystem;
import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.Costs;
import dev.cairn.eval.report.CompareJson;
import dev.cairn.eval.report.CompareText;
import dev.cairn.eval.report.HtmlReport;
import dev.cairn.eval.run.RunFolder;
import dev.cairn.eval.run.Sample;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code cairn compare}: evaluations that were kept, side by side. */
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

    @Option(names = "--json", description = "Print the result as one JSON object.")
    private boolean json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Also write an HTML page with tables and charts.")
    private @Nullable Path report;

    @Override
    public Integer call() {
        Comparison comparison =
                Comparison.of(systems.stream().map(Compare::comparedSystem).toList());
        System.out.print(json ? CompareJson.of(comparison) : CompareText.of(comparison));
        if (report != null) {
            page(comparison).write(report);
            System.err.printf("report in %s%n", report);
        }
        return ExitCode.OK;
    }

    private static ComparedSystem comparedSystem(String argument) {
        int at = argument.indexOf('=');
        List<String> directories = List.of(argument.substring(at + 1).split(",", -1));
        List<ComparedSystem.Run> runs = new ArrayList<>();
        String name = argument.substring(0, Math.max(0, at));
        for (String directory : directories) {
            RunFolder.Content content = RunFolder.read(Path.of(directory));
            runs.add(run(directory, content));
            name = name.isEmpty() ? content.results().usage().system() : name;
        }
        return new ComparedSystem(name, runs);
    }

    private static ComparedSystem.Run run(String source, RunFolder.Content content) {
        SortedMap<String, SortedMap<String, Double>> scores = new TreeMap<>();
        int answers = 0;
        for (var task : content.results().tasks()) {
            if (!task.failures().isEmpty()) {
                throw new CairnException(
                        "%s: %d items of %s have no score, because the system failed; run the same cairn eval again"
                                .formatted(source, task.failures().size(), task.task()));
            }
            for (Sample sample : content.samplesOf(task.task())) {
                answers++;
                sample.metrics()
                        .forEach((metric, score) ->
                                scores.computeIfAbsent(
                                                task.task() + " " + metric, m -> new TreeMap<>())
                                        .put(item(sample), score));
            }
        }
        return new ComparedSystem.Run(source, Costs.of(content.results().usage(), answers), scores);
    }

    /** An item that was put in other words is another item; how much may be written is not. */
    private static String item(Sample sample) {
        List<String> words = new ArrayList<>();
        for (JsonNode argument : sample.arguments()) {
            words.add(argument.path("arg_0").asString(""));
            words.add(argument.path("arg_1").asString(""));
        }
        return "%s (asked as %08x)".formatted(sample.id(), words.hashCode());
    }

    private HtmlReport page(Comparison comparison) {
        List<String> names = comparison.systems().stream().map(ComparedSystem::name).toList();
        return HtmlReport.ofComparison(
                "Comparison of " + String.join(", ", names),
                "The same items for all, paired item by item.",
                comparison,
                Provenance.of(spec, Clock.system(ZoneId.systemDefault()), List.of()));
    }
}
