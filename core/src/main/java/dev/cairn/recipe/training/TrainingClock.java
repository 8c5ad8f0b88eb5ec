package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.BoundedFiles;
import dev.cairn.text.template.Prompt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * The clock for chat templates in training prompts. It shows the time of the first run, so that a
 * run resumed on another day sees the same prompts.
 */
final class TrainingClock {
    private static final String FILE_NAME = "started";
    private static final long MAX_BYTES = 1000;

    private TrainingClock() {}

    /**
     * A fixed clock at the time recorded in the stack's output folder; the first run records the
     * current time.
     *
     * @throws CairnException if the record is damaged
     */
    static Clock of(List<StageConfig> stages, Path directory) {
        if (stages.stream().noneMatch(stage -> stage.prompt() instanceof Prompt.Chat)) {
            return Clock.system(ZoneId.systemDefault());
        }
        Path note = directory.resolve(FILE_NAME);
        if (!Files.exists(note)) {
            AtomicFiles.writeString(note, ZonedDateTime.now(ZoneId.systemDefault()) + "\n");
        }
        String text = BoundedFiles.readString(note, MAX_BYTES).strip();
        try {
            ZonedDateTime start = ZonedDateTime.parse(text);
            return Clock.fixed(start.toInstant(), start.getZone());
        } catch (DateTimeException e) {
            throw new CairnException(
                    "%s: expected the time at which training began, found '%s'; delete the file and train again"
                            .formatted(note, text),
                    e);
        }
    }
}
