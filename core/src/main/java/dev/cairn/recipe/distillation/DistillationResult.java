package dev.cairn.recipe.distillation;

import dev.cairn.CairnException;
import dev.cairn.data.distill.Summary;
import dev.cairn.stack.config.TeacherConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a teacher has written, in this run and in earlier ones. */
public final class DistillationResult {
    private final Summary summary;
    private final DistillationReport report;
    private final Path file;
    private final @Nullable CairnException failure;

    DistillationResult(
            Summary summary,
            TeacherConfig.@Nullable Price price,
            Path file,
            @Nullable CairnException failure) {
        this.summary = summary;
        this.report = new DistillationReport(price);
        this.file = file;
        this.failure = failure;
    }

    /** What the teacher answered, as a file from which the stack is then trained. */
    public Path file() {
        return file;
    }

    /** What ended the run early; null when nothing did. */
    public @Nullable CairnException failure() {
        return failure;
    }

    /** How many questions have a text at every stage; several samples of one count each. */
    public int complete() {
        return summary.complete();
    }

    /** How many questions still wait for a text, counted in the same way. */
    public int missing() {
        return summary.missing();
    }

    /** A table for the terminal. */
    public String toText() {
        return report.text(summary);
    }

    /** One JSON object. */
    public String toJson() {
        return report.json(summary);
    }

    /**
     * Makes sure that there is something to train on and nothing left to ask.
     *
     * @return this result
     * @throws CairnException when the teacher ended the run, questions still wait for a text, or
     *     all were set aside
     */
    public DistillationResult requireComplete() {
        if (failure != null) {
            throw failure;
        }
        if (summary.missing() > 0) {
            throw new CairnException(
                    "%s: %d of %d questions still wait for a text, because the teacher failed (%s); run again to ask for them"
                            .formatted(
                                    file,
                                    summary.missing(),
                                    summary.chains(),
                                    summary.commonestFailure()));
        }
        if (summary.complete() == 0) {
            throw new CairnException(
                    file
                            + ": no question has a text at every stage, all were set aside; look at the table and the file, then change teach, contract or sequence_len");
        }
        return this;
    }
}
