package dev.cairn.recipe.distillation;

import dev.cairn.data.distill.Preview;
import dev.cairn.stack.config.TeacherConfig;
import org.jspecify.annotations.Nullable;

/** A preview of a distillation: sample prompts and an estimate of the maximum cost. */
public final class DistillationPreview {
    private final Preview preview;
    private final DistillationReport report;

    DistillationPreview(Preview preview, TeacherConfig.@Nullable Price price) {
        this.preview = preview;
        this.report = new DistillationReport(price);
    }

    /** Prompts and estimate for the terminal. */
    public String toText() {
        return report.text(preview);
    }

    /** One JSON object. */
    public String toJson() {
        return report.json(preview);
    }
}
