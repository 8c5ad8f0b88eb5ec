package dev.cairn.recipe.evaluation;

import dev.cairn.cli.Eval;
import dev.cairn.recipe.HubModelFinder;
import dev.cairn.CairnException;
import dev.cairn.eval.run.Exam;
import dev.cairn.eval.run.RunTable;
import dev.cairn.eval.task.Task;
import dev.cairn.model.weights.WeightFormat;
import dev.cairn.stack.Stack;
import dev.cairn.stack.StackConfig;
import dev.cairn.stack.TeacherConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Benchmarks put to one system.
 *
 * @param system as the command line names it
 * @param model its name on a server; null for what runs here
 * @param output where a stack's adapters are; null for the YAML's output_dir
 * @param data the folder of the benchmarks' files; null when not named
 * @param numFewshot null for each task's own
 * @param outputPath null keeps nothing
 */
record TaskEvaluation(
        String system,
        @Nullable String model,
        @Nullable String apiKeyEnv,
        @Nullable Path output,
        WeightFormat format,
        List<String> tasks,
        @Nullable Path data,
        @Nullable Integer numFewshot,
        int limit,
        @Nullable Path outputPath,
        boolean json) {
    /** Whether a system is a stack. */
    static boolean isStack(String system) {
        return TeacherConfig.isStack(system);
    }

    void run() {
        List<Exam> exams = tasks.stream().map(this::exam).toList();
        for (Exam exam : exams) {
            if (Collections.frequency(exams.stream().map(Exam::task).toList(), exam.task()) > 1) {
                throw new CairnException("--tasks: two of them are called '" + exam.task() + "'");
            }
        }
        try (EvaluatedSystem contestant = open()) {
            TaskResults run = TaskResults.of(contestant, exams, outputPath);
            System.out.print(json ? run.results().toJson() + "\n" : RunTable.of(run.results()));
            run.tellNotes();
            run.requireAll();
        }
    }

    private Exam exam(String name) {
        Task task = isStack(name) ? Task.load(Path.of(name)) : Task.named(name);
        return Exam.of(task, data, numFewshot, limit);
    }

    private EvaluatedSystem open() {
        if (Eval.isAddress(system)) {
            return EvaluatedSystem.ofServer(address(), Objects.requireNonNull(model), apiKeyEnv);
        }
        if (!isStack(system)) {
            return EvaluatedSystem.ofModel(system, format);
        }
        StackConfig config = StackConfig.load(Path.of(system), HubModelFinder.ofThisMachine());
        Path directory = output != null ? output : config.outputDir();
        return EvaluatedSystem.ofStack(config, directory, Stack.open(config, directory, format), format);
    }

    private URI address() {
        try {
            return new URI(system);
        } catch (URISyntaxException e) {
            throw new CairnException(
                    "expected an address such as http://localhost:8000/v1, found '" + system + "'",
                    e);
        }
    }
}
