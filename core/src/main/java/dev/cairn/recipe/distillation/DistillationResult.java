package dev.cairn.recipe.distillation;

import dev.cairn.CairnException;
import dev.cairn.data.distill.Summary;
import dev.cairn.stack.config.TeacherConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The result of a distillation, including earlier runs. */
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

    /** The file with the teacher's answers, from which the stack is then trained. */
    public Path file() {
        return file;
    }

    /** The error that ended the run early; null if there was none. */
    public @Nullable CairnException failure() {
        return failure;
    }

    /** Number of questions with a text at every stage; each sample of a question counts. */
    public int complete() {
        return summary.complete();
    }

    /** Number of questions that still lack a text, counted in the same way. */
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
     * Checks that there is something to train on and nothing left to ask.
     *
     * @return this result
     * @throws CairnException if the teacher's failures ended the run, questions still lack a text,
     *     or all were set aside
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
                            + ": no question has a text at every stage; all were set aside; check the table and the file, then change teach, contract or sequence_len");
        }
        return this;
    }
}
