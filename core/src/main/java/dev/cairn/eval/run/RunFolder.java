package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.BoundedFiles;
import dev.cairn.support.LineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder with one system's results of tasks: {@code results.json}, {@code samples_TASK.jsonl} for
 * each task, and {@code origin.json}, by which a resumed run recognises its own results.
 */
public final class RunFolder {
    private static final String RESULTS = "results.json";
    private static final String ORIGIN = "origin.json";
    private static final long MAX_BYTES = 64L << 20;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path directory;

    private RunFolder(Path directory) {
        this.directory = directory;
    }

    /**
     * The content of a folder.
     *
     * @param samples samples of each task, by task name, in the order of the items
     */
    public record Content(RunResults results, Map<String, List<Sample>> samples) {
        /** The samples of a task; empty if it is not among the results. */
        public List<Sample> samplesOf(String task) {
            return samples.getOrDefault(task, List.of());
        }
    }

    /**
     * Opens a folder for writing; creates it if it does not exist.
     *
     * @param system what identifies the system, by name: digests, prompts, settings
     * @throws CairnException if it contains samples of another system, or of a task that has
     *     changed
     */
    public static RunFolder open(
            Path directory, SortedMap<String, String> system, List<TaskRun> taskRuns) {
        Path file = directory.resolve(ORIGIN);
        RunOrigin origin = RunOrigin.of(new TreeMap<>(system));
        for (TaskRun taskRun : taskRuns) {
            origin = origin.with(taskRun);
        }
        if (Files.exists(file)) {
            RunOrigin before = origin(file);
            origin.requireSame(before, directory);
            for (Map.Entry<String, SortedMap<String, String>> task : before.tasks().entrySet()) {
                origin.tasks().putIfAbsent(task.getKey(), task.getValue());
            }
        }
        AtomicFiles.writeString(file, JSON.writeValueAsString(origin) + "\n");
        return new RunFolder(directory);
    }

    private static RunOrigin origin(Path file) {
        try {
            return JSON.readValue(BoundedFiles.readString(file, MAX_BYTES), RunOrigin.class);
        } catch (JacksonException e) {
            throw new CairnException(
                            file
                                    + ": not a file written by cairn eval ("
                                    + e.getOriginalMessage()
                                    + "); choose another folder for samples",
                            e)
                    .suggesting("samples");
        }
    }

    /**
     * Opens a task's samples for appending.
     *
     * @throws CairnException if another process uses the file, or it contains anything but samples
     *     of these items
     */
    public SampleLog samples(TaskRun taskRun) {
        return SampleFile.open(file(directory, taskRun.task()), taskRun);
    }

    /** Writes the results. */
    public void write(RunResults results) {
        AtomicFiles.writeString(directory.resolve(RESULTS), results.toJson() + "\n");
    }

    /**
     * Reads a folder that an evaluation has written.
     *
     * @throws CairnException if something is missing or damaged; the message names the file
     */
    public static Content read(Path directory) {
        Path file = directory.resolve(RESULTS);
        if (!Files.exists(file)) {
            throw new CairnException(
                    directory
                            + ": has no results.json; write one with cairn eval ... --output_path "
                            + directory);
        }
        RunResults results = RunResults.parse(json(file), file.toString());
        Map<String, List<Sample>> samples = new LinkedHashMap<>();
        for (TaskResult task : results.tasks()) {
            samples.put(task.task(), samples(directory, task));
        }
        return new Content(results, samples);
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(BoundedFiles.readString(file, MAX_BYTES));
        } catch (JacksonException e) {
            throw new CairnException(
                    file + ": not JSON (" + e.getOriginalMessage() + "); evaluate again", e);
        }
    }

    private static List<Sample> samples(Path directory, TaskResult task) {
        Path file = file(directory, task.task());
        List<Sample> samples = new ArrayList<>();
        LineFile.read(file, (line, where) -> samples.add(SampleJson.parse(line, where)));
        if (samples.size() != task.effective()) {
            throw new CairnException(
                    "%s: expected the %d samples that results.json counts, found %d; evaluate again"
                            .formatted(file, task.effective(), samples.size()));
        }
        samples.sort(Comparator.comparingInt(Sample::docId));
        return samples;
    }

    private static Path file(Path directory, String task) {
        return directory.resolve("samples_" + task.replaceAll("[^A-Za-z0-9._-]", "_") + ".jsonl");
    }
}
