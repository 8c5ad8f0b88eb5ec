package dev.cairn.recipe.distillation;

import dev.cairn.data.distill.Preview;
import dev.cairn.stack.config.TeacherConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher would be asked.
 *
 * @param preview the prompts and the estimate
 * @param price of the teacher's tokens; null when nothing is paid
 */
public record DistillationPreview(Preview preview, TeacherConfig.@Nullable Price price) {
    /** Prompts and estimate for the terminal. */
    public String toText() {
        return new DistillationReport(price).text(preview);
    }

    /** One JSON object. */
    public String toJson() {
        return new DistillationReport(price).json(preview);
    }
}
