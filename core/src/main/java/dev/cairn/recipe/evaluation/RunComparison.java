package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.eval.compare.ComparedSystem;
import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.compare.Costs;
import dev.cairn.eval.report.HtmlReport;
import dev.cairn.eval.run.ResourceUsage;
import dev.cairn.eval.run.RunFolder;
import dev.cairn.eval.run.Sample;
import dev.cairn.recipe.Provenance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A comparison of saved evaluations: scores with confidence intervals, paired tests, and the cost
 * of each system. The first system is compared with each of the others.
 */
public final class RunComparison {
    private final List<ComparedSystem> systems = new ArrayList<>();
    private Provenance provenance = Provenance.ofThisProgram();

    private RunComparison() {}

    /** A comparison of systems under the names they were evaluated with. */
    public static RunComparison of(Path... folders) {
        RunComparison comparison = new RunComparison();
        for (Path folder : folders) {
            comparison.system(folder);
        }
        return comparison;
    }

    /**
     * Adds a system under the name it was evaluated with.
     *
     * @param folders folders of one system; several if it was trained with several seeds
     * @throws CairnException if something is missing or damaged; the message names the file
     */
    public RunComparison system(Path... folders) {
        RunFolder.Content first = RunFolder.read(folders[0]);
        return system(first.results().usage().system(), folders);
    }

    /**
     * Adds a system.
     *
     * @param name unique within the comparison
     * @param folders folders of the system's saved evaluations
     * @throws CairnException if something is missing or damaged, or items have no score; the
     *     message names the file
     */
    public RunComparison system(String name, Path... folders) {
        systems.add(
                new ComparedSystem(
                        name,
                        Arrays.stream(folders)
                                .map(folder -> run(folder.toString(), RunFolder.read(folder)))
                                .toList()));
        return this;
    }

    /** Sets the provenance shown on the page. */
    public RunComparison provenance(Provenance other) {
        provenance = other;
        return this;
    }

    /**
     * Runs the comparison.
     *
     * @throws CairnException if there are fewer than two systems, two have the same name, or they
     *     were not scored on the same items
     */
    public ComparisonResults run() {
        Comparison comparison = Comparison.of(systems);
        return new ComparisonResults(comparison, page(comparison));
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
        return new ComparedSystem.Run(source, costs(content.results().usage(), answers), scores);
    }

    /**
     * The cost of one run.
     *
     * @param answers number of answers, over all tasks
     */
    private static Costs costs(ResourceUsage usage, int answers) {
        Double cpuSeconds = usage.cpuSeconds();
        return new Costs(
                asDouble(usage.totalParameters()),
                asDouble(usage.trainedParameters()),
                asDouble(usage.trainingTokens()),
                usage.trainingSeconds(),
                asDouble(usage.peakMemoryBytes()),
                usage.meanMillis(),
                usage.meanPromptTokens(),
                usage.meanCompletionTokens(),
                cpuSeconds == null ? null : cpuSeconds / answers);
    }

    private static @Nullable Double asDouble(@Nullable Long value) {
        return value == null ? null : value.doubleValue();
    }

    /**
     * The identity of an item: a differently worded question is a different item, but a different
     * limit on the answer's length is not.
     */
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
                provenance.facts(List.of()));
    }
}
