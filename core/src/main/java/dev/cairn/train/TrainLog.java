package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The log of a run: one JSON object per step, appended as the run proceeds. */
public final class TrainLog {
    private static final String FILE_NAME = "train_log.jsonl";
    private static final String MEASURES = "measures";
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    private final Path file;

    private TrainLog(Path file) {
        this.file = file;
    }

    /**
     * Opens the log of a run that has done {@code steps} steps. Later lines, from a run that was
     * killed after its last checkpoint, are dropped; the resumed run writes them again.
     */
    static TrainLog open(Path directory, int steps) {
        TrainLog log = new TrainLog(directory.resolve(FILE_NAME));
        StringBuilder kept = new StringBuilder();
        for (StepLog line : read(directory)) {
            if (line.step() <= steps) {
                kept.append(JSON.writeValueAsString(line)).append('\n');
            }
        }
        AtomicFiles.writeString(log.file, kept.toString());
        return log;
    }

    void append(StepLog line) {
        try {
            Files.writeString(
                    file, JSON.writeValueAsString(line) + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be written: " + AtomicFiles.reason(e), e);
        }
    }

    /**
     * Reads the lines of a run's log; empty when there is no log. An incomplete last line, left by
     * a killed run, is skipped.
     *
     * @throws CairnException naming the line when any other line is damaged
     */
    public static List<StepLog> read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        List<StepLog> steps = new ArrayList<>();
        if (!Files.exists(file)) {
            return steps;
        }
        String text = text(file);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            StepLog step = parse(lines.get(i));
            if (step != null) {
                steps.add(step);
            } else if (i < lines.size() - 1 || text.endsWith("\n")) {
                throw new CairnException(
                        "%s:%d: expected the JSON object of a step; the log is damaged, delete this line"
                                .formatted(file, i + 1));
            }
        }
        return steps;
    }

    /** Decodes leniently, so that damage is reported with its line number. */
    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /** The line of a step; null if it is none. Most steps are not measured and have no measures. */
    private static @Nullable StepLog parse(String line) {
        try {
            if (!(JSON.readTree(line) instanceof ObjectNode step)) {
                return null;
            }
            if (!step.has(MEASURES)) {
                step.putObject(MEASURES);
            }
            return JSON.treeToValue(step, StepLog.class);
        } catch (JacksonException e) {
            return null;
        }
    }
}
