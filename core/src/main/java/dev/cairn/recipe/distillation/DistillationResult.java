package dev.cairn.recipe.distillation;

import dev.cairn.CairnException;
import dev.cairn.data.distill.Summary;
import dev.cairn.stack.config.TeacherConfig;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher has written, in this run and in earlier ones.
 *
 * @param summary the figures, stage by stage
 * @param price of the teacher's tokens; null when nothing is paid
 * @param file what it answered, from which the stack is trained
 * @param failure what ended the run early; null when nothing did
 */
public record DistillationResult(
        Summary summary,
        TeacherConfig.@Nullable Price price,
        Path file,
        @Nullable CairnException failure) {
    /** A table for the terminal. */
    public String toText() {
        return new DistillationReport(price).text(summary);
    }

    /** One JSON object. */
    public String toJson() {
        return new DistillationReport(price).json(summary);
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
