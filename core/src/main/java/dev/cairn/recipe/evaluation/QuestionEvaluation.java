package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.LossCurve;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import dev.cairn.eval.question.Evaluator;
import dev.cairn.eval.report.EvalReport;
import dev.cairn.eval.report.HtmlReport;
import dev.cairn.eval.run.TaskRun;
import dev.cairn.recipe.Provenance;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.Part;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answerer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation of stacks on question sets: exact match with the answers of the data, with
 * confidence intervals. With several stacks, the first is compared with each of the others,
 * question by question.
 */
public final class QuestionEvaluation {
    private final List<StackConfig> stacks;
    private final List<Path> data = new ArrayList<>();
    private int limit = Integer.MAX_VALUE;
    private boolean why;
    private @Nullable Path adapters;
    private @Nullable Path samples;
    private WeightFormat format = WeightFormat.AS_STORED;
    private RecipeListener listener = RecipeListener.NONE;
    private Provenance provenance = Provenance.ofThisProgram();

    private QuestionEvaluation(List<StackConfig> stacks) {
        this.stacks = List.copyOf(stacks);
    }

    /** The evaluation of one stack, or the comparison of several. */
    public static QuestionEvaluation of(StackConfig... stacks) {
        return of(Arrays.asList(stacks));
    }

    /** The evaluation of one stack, or the comparison of several. */
    public static QuestionEvaluation of(List<StackConfig> stacks) {
        return new QuestionEvaluation(stacks);
    }

    /** Adds a question set: a file in a format that training reads too, or a folder of files. */
    public QuestionEvaluation questions(Path fileOrFolder) {
        data.add(fileOrFolder);
        return this;
    }

    /** Limits the evaluation to the first questions of each file. */
    public QuestionEvaluation limit(int questions) {
        limit = questions;
        return this;
    }

    /**
     * Sets whether to attribute errors to stages and to test whether the answers follow the stages'
     * texts. Needs questions with the gold text of every stage.
     */
    public QuestionEvaluation why(boolean isWanted) {
        why = isWanted;
        return this;
    }

    /** Sets the folder of the adapters of a single stack; by default its output folder. */
    public QuestionEvaluation adapters(Path directory) {
        adapters = directory;
        return this;
    }

    /**
     * Saves each answer of the first stack in a folder as it is given. An interrupted evaluation
     * continues from there, and {@link RunComparison} compares such folders.
     */
    public QuestionEvaluation samples(Path folder) {
        samples = folder;
        return this;
    }

    /** Sets the format of the base's weights in memory. */
    public QuestionEvaluation format(WeightFormat other) {
        format = other;
        return this;
    }

    /** Sets the listener for events. */
    public QuestionEvaluation listener(RecipeListener other) {
        listener = other;
        return this;
    }

    /** Sets the provenance shown on the page. */
    public QuestionEvaluation provenance(Provenance other) {
        provenance = other;
        return this;
    }

    /**
     * Runs the evaluation.
     *
     * @throws CairnException if questions cannot be read, a stack cannot be opened, two stacks or
     *     two sets have the same name, or {@code why} lacks a gold text
     */
    public QuestionResults run() {
        List<AskedQuestions> asked =
                data.stream().map(path -> AskedQuestions.of(path, limit, listener)).toList();
        List<ItemSet> sets = asked.stream().map(AskedQuestions::items).toList();
        List<OpenedStack> opened = stacks.stream().map(this::open).toList();
        // Reports distinguish them by name; better to fail before hours of evaluation than after.
        requireDistinct("question sets", sets.stream().map(ItemSet::name).toList());
        requireDistinct("stacks", opened.stream().map(OpenedStack::name).toList());
        ErrorAttribution attribution =
                why ? ErrorAttribution.of(opened, asked, listener) : ErrorAttribution.NONE;
        TaskResults kept = samples == null ? null : keep(samples, opened.getFirst(), sets);
        List<SystemRun> runs =
                kept == null
                        ? opened.stream().map(stack -> run(stack, sets)).toList()
                        : List.of(new SystemRun(opened.getFirst().info(), kept.asSetResults(sets)));
        EvalReport report =
                EvalReport.of(runs, opened.getFirst().name()).withWhys(attribution.ask(runs));
        return new QuestionResults(report, page(report, opened), kept);
    }

    private OpenedStack open(StackConfig stack) {
        return OpenedStack.open(stack, adapters != null ? adapters : stack.outputDir(), format);
    }

    private static void requireDistinct(String what, List<String> names) {
        for (String name : names) {
            if (Collections.frequency(names, name) > 1) {
                throw new CairnException(
                        "%s: two of them are named '%s'; give each its own name"
                                .formatted(what, name));
            }
        }
    }

    /** Saves answers as they are given; answers saved by a killed run are not requested again. */
    private TaskResults keep(Path folder, OpenedStack stack, List<ItemSet> sets) {
        int maxTokens = stack.config().stages().getLast().decoding().maxNewTokens();
        List<TaskRun> taskRuns = sets.stream().map(set -> TaskRun.of(set, maxTokens)).toList();
        try (EvaluatedSystem system = EvaluatedSystem.ofStack(stack)) {
            return TaskResults.of(system, taskRuns, folder, listener);
        }
    }

    private SystemRun run(OpenedStack opened, List<ItemSet> sets) {
        Answerer stack = SingleThreaded.of(opened.stack());
        Evaluator evaluator = Evaluator.withThreads(ThreadPool.threads());
        List<SetResult> results = new ArrayList<>();
        for (ItemSet set : sets) {
            String name = opened.name() + ", " + set.name();
            try (Part part = Part.begin(listener, name, "questions", 0, set.items().size())) {
                results.add(evaluator.evaluate(stack, set, part::answered));
            }
        }
        return new SystemRun(opened.info(), results);
    }

    private HtmlReport page(EvalReport report, List<OpenedStack> opened) {
        List<LossCurve> curves = opened.stream().flatMap(stack -> stack.curves().stream()).toList();
        String names = opened.stream().map(OpenedStack::name).collect(Collectors.joining(", "));
        return HtmlReport.ofEvaluation(
                "Evaluation of " + names,
                "Exact match on questions no system was trained on, with 95 % intervals.",
                report,
                curves,
                provenance.facts(List.of()));
    }
}
