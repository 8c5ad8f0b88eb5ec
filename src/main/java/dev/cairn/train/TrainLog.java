package dev.cairn.train;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The log of a run, one JSON object per step, kept while the run goes on. */
public final class TrainLog {
    private static final String FILE_NAME = "train_log.jsonl";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path file;

    private TrainLog(Path file) {
        this.file = file;
    }

    /**
     * Opens the log of a run that has done {@code steps} steps: lines beyond that, from a run that
     * was killed after its last checkpoint, are dropped and will be written again.
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

    /** The lines of a run's log; empty when there is none. A line cut short by a kill ends it. */
    public static List<StepLog> read(Path directory) {
        Path file = directory.resolve(FILE_NAME);
        List<StepLog> lines = new ArrayList<>();
        if (!Files.exists(file)) {
            return lines;
        }
        try {
            for (String line : Files.readAllLines(file)) {
                lines.add(JSON.readValue(line, StepLog.class));
            }
        } catch (JacksonException e) {
            return lines;
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
        return lines;
    }
}
