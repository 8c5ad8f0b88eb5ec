package dev.cairn.stack;

import dev.cairn.text.Prompt;
import dev.cairn.text.Template;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One stage as the YAML describes it.
 *
 * @param prompt what the model reads, a text or messages: may use {@code input} and outputs of
 *     earlier stages
 * @param target what it learns to write: may use {@code input} and the gold text of any stage
 * @param adapter where its adapter is
 * @param answerAfter only what follows the last occurrence of this text is handed on, nothing when
 *     it does not occur; null hands on everything
 * @param training settings of the stack, with the stage's own over them
 */
public record StageConfig(
        String name,
        Prompt prompt,
        Template target,
        Adapter adapter,
        DecodingConfig decoding,
        @Nullable String answerAfter,
        TrainingConfig training) {

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
