package dev.cairn.data.distill;

import dev.cairn.text.Contract;
import dev.cairn.text.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * What a teacher does for one stage.
 *
 * @param stage name of the stage
 * @param instruction what the teacher is told when there is no gold text; may use {@code input},
 *     {@code answer} and the texts of earlier stages; null for a stage without a teacher
 * @param contract what the teacher's text must look like
 * @param maxTokens the length of the longest text that fits into an example of the stage
 */
public record DistillationTask(
        String stage, @Nullable Template instruction, Contract contract, int maxTokens) {}
