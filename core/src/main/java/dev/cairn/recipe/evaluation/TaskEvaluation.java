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

/** An evaluation of one system on benchmarks, scored as in lm-evaluation-harness. */
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

    /** The evaluation of a stack; a benchmark's prompt is the stack's input. */
    public static TaskEvaluation of(StackConfig stack) {
        return new TaskEvaluation(how ->
                EvaluatedSystem.ofStack(
                        OpenedStack.open(
                                stack,
                                how.adapters != null ? how.adapters : stack.outputDir(),
                                how.format)));
    }

    /**
     * The evaluation of a model, or of an adapter on its base, which reads a benchmark's prompts as
     * they are.
     *
     * @param name a folder, or an id on the hub
     */
    public static TaskEvaluation ofModel(String name) {
        return new TaskEvaluation(how -> EvaluatedSystem.ofModel(name, how.format, how.finder));
    }

    /**
     * The evaluation of a model behind an OpenAI-compatible address.
     *
     * @param address the address, including {@code /v1}
     * @param model name of the model on that server
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

    /** Sets the folder of the benchmarks' files; by default the folder of the task's YAML. */
    public TaskEvaluation data(Path folder) {
        data = folder;
        return this;
    }

    /** Sets the number of examples before each question, in place of each task's own number. */
    public TaskEvaluation numFewshot(int examples) {
        numFewshot = examples;
        return this;
    }

    /** Limits the evaluation to the first questions of each task. */
    public TaskEvaluation limit(int questions) {
        limit = questions;
        return this;
    }

    /** Sets the folder of a stack's adapters; by default its output folder. */
    public TaskEvaluation adapters(Path directory) {
        adapters = directory;
        return this;
    }

    /**
     * Saves samples and results in a folder. An interrupted evaluation continues from there, and
     * {@link RunComparison} compares such folders.
     */
    public TaskEvaluation samples(Path folder) {
        samples = folder;
        return this;
    }

    /** Sets the environment variable that holds a server's API key. */
    public TaskEvaluation apiKeyEnv(String variable) {
        apiKeyEnv = variable;
        return this;
    }

    /** Sets the format in memory of the weights of a model on this machine. */
    public TaskEvaluation format(WeightFormat other) {
        format = other;
        return this;
    }

    /** Sets how a model is found; by default by path or in the hub's cache. */
    public TaskEvaluation models(ModelFinder other) {
        finder = other;
        return this;
    }

    /** Sets the listener for events. */
    public TaskEvaluation listener(RecipeListener other) {
        listener = other;
        return this;
    }

    /**
     * Runs the evaluation. An item at which the system failed has no score; see {@link
     * TaskResults#requireComplete}.
     *
     * @throws CairnException if a task or its data cannot be read, the system cannot be opened or
     *     its scores cannot be trusted, or ten items in a row fail
     */
    public TaskResults run() {
        List<TaskRun> taskRuns = tasks.stream().map(this::taskRun).toList();
        for (TaskRun taskRun : taskRuns) {
            if (Collections.frequency(taskRuns.stream().map(TaskRun::task).toList(), taskRun.task())
                    > 1) {
                throw new CairnException("tasks: two of them are named '" + taskRun.task() + "'");
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
