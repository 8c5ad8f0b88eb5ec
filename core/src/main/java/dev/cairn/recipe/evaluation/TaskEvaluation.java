package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.eval.run.TaskRun;
import dev.cairn.eval.task.Task;
import dev.cairn.recipe.HubModelFinder;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Puts benchmarks to one system, scored as lm-evaluation-harness scores them. */
public final class TaskEvaluation {
    private final Function<TaskEvaluation, EvaluatedSystem> opening;
    private final List<String> tasks = new ArrayList<>();
    private @Nullable Path data;
    private @Nullable Integer numFewshot;
    private int limit = Integer.MAX_VALUE;
    private @Nullable Path adapters;
    private @Nullable Path samples;
    private @Nullable String apiKeyEnv;
    private WeightFormat format = WeightFormat.AS_STORED;
    private ModelFinder finder = HubModelFinder.ofThisMachine();
    private RecipeListener listener = RecipeListener.NONE;

    private TaskEvaluation(Function<TaskEvaluation, EvaluatedSystem> opening) {
        this.opening = opening;
    }

    /** Of a stack: a benchmark's prompt is its input. */
    public static TaskEvaluation of(StackConfig stack) {
        return new TaskEvaluation(how ->
                EvaluatedSystem.ofStack(
                        OpenedStack.open(
                                stack,
                                how.adapters != null ? how.adapters : stack.outputDir(),
                                how.format)));
    }

    /**
     * Of a model, or of an adapter on its base, that reads a benchmark's prompts as they are.
     *
     * @param name a folder, or an id on the hub
     */
    public static TaskEvaluation ofModel(String name) {
        return new TaskEvaluation(how -> EvaluatedSystem.ofModel(name, how.format, how.finder));
    }

    /**
     * Of a model behind an OpenAI-compatible address.
     *
     * @param address up to and with {@code /v1}
     * @param model its name there
     */
    public static TaskEvaluation ofServer(URI address, String model) {
        return new TaskEvaluation(how -> EvaluatedSystem.ofServer(address, model, how.apiKeyEnv));
    }

    /** Adds benchmarks: names of those that come with Cairn, or YAML files. */
    public TaskEvaluation tasks(List<String> namesOrFiles) {
        tasks.addAll(namesOrFiles);
        return this;
    }

    /** Adds benchmarks: names of those that come with Cairn, or YAML files. */
    public TaskEvaluation tasks(String... namesOrFiles) {
        return tasks(List.of(namesOrFiles));
    }

    /** The folder of the benchmarks' files, where they do not lie beside the task's YAML. */
    public TaskEvaluation data(Path folder) {
        data = folder;
        return this;
    }

    /** Examples before each question, instead of each task's own number. */
    public TaskEvaluation numFewshot(int examples) {
        numFewshot = examples;
        return this;
    }

    /** Only the first questions of each task. */
    public TaskEvaluation limit(int questions) {
        limit = questions;
        return this;
    }

    /** Where the adapters of a stack are, instead of its output folder. */
    public TaskEvaluation adapters(Path directory) {
        adapters = directory;
        return this;
    }

    /**
     * Keeps samples and results in a folder. An evaluation that was interrupted goes on from there,
     * and {@link RunComparison} compares such folders.
     */
    public TaskEvaluation samples(Path folder) {
        samples = folder;
        return this;
    }

    /** The variable of the environment that holds a server's key. */
    public TaskEvaluation apiKeyEnv(String variable) {
        apiKeyEnv = variable;
        return this;
    }

    /** What the matrices of a model on this machine are held as. */
    public TaskEvaluation format(WeightFormat other) {
        format = other;
        return this;
    }

    /** Where a model is, instead of a path or the hub's cache. */
    public TaskEvaluation models(ModelFinder other) {
        finder = other;
        return this;
    }

    /** Who hears how it goes. */
    public TaskEvaluation listener(RecipeListener other) {
        listener = other;
        return this;
    }

    /**
     * Asks. An item at which the system failed has no score; see {@link
     * TaskResults#requireComplete}.
     *
     * @throws CairnException when a task or its data cannot be read, the system cannot be opened or
     *     its scores cannot be trusted, or ten items in a row fail
     */
    public TaskResults run() {
        List<TaskRun> taskRuns = tasks.stream().map(this::taskRun).toList();
        for (TaskRun taskRun : taskRuns) {
            if (Collections.frequency(taskRuns.stream().map(TaskRun::task).toList(), taskRun.task())
                    > 1) {
                throw new CairnException("tasks: two of them are called '" + taskRun.task() + "'");
            }
        }
        try (EvaluatedSystem system = opening.apply(this)) {
            return TaskResults.of(system, taskRuns, samples, listener);
        }
    }

    private TaskRun taskRun(String name) {
        Task task = StackConfig.isFile(name) ? Task.load(Path.of(name)) : Task.named(name);
        return TaskRun.of(task, data, numFewshot, limit);
    }
}
