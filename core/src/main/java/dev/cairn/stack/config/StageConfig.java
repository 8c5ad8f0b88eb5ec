package dev.cairn.stack.config;

import dev.cairn.text.Contract;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.Template;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One stage as the YAML describes it.
 *
 * @param prompt what the model reads, a text or messages: may use {@code input} and outputs of
 *     earlier stages
 * @param target what it learns to write: may use {@code input} and the gold text of any stage
 * @param teach what a teacher is told to write where the data have no gold text for the stage: may
 *     use {@code input}, {@code answer} and the texts of earlier stages; null for a stage without a
 *     teacher
 * @param contract what the teacher's text must look like
 * @param adapter where its adapter is
 * @param answerAfter only what follows the last occurrence of this text is handed on, nothing when
 *     it does not occur; null hands on everything
 * @param training settings of the stack, with the stage's own over them
 */
public record StageConfig(
        String name,
        Prompt prompt,
        Template target,
        @Nullable Template teach,
        Contract contract,
        Adapter adapter,
        DecodingConfig decoding,
        @Nullable String answerAfter,
        TrainingConfig training) {

    /** The same stage with other decoding settings. */
    public StageConfig with(DecodingConfig decoding) {
        return new StageConfig(
                name, prompt, target, teach, contract, adapter, decoding, answerAfter, training);
    }

    /** Where a stage's adapter comes from. */
    public sealed interface Adapter {
        /** Trained by {@code cairn train} into the stack's output folder. */
        record Trained() implements Adapter {}

        /** A PEFT directory that exists already and is not trained here. */
        record At(Path directory) implements Adapter {}

        /** The base alone. */
        record None() implements Adapter {}
    }
}
