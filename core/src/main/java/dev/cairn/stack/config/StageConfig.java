package dev.cairn.stack.config;

import dev.cairn.text.Contract;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.Template;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one stage.
 *
 * @param prompt the model's prompt, a text or messages; may use {@code input} and outputs of
 *     earlier stages
 * @param target what the stage learns to write; may use {@code input} and the gold text of any
 *     stage
 * @param teach the teacher's instruction if the data have no gold text for the stage; may use
 *     {@code input}, {@code answer} and the texts of earlier stages; null for a stage without a
 *     teacher
 * @param contract the conditions that the teacher's text must meet
 * @param adapter source of its adapter
 * @param answerAfter only the text after the last occurrence of this marker is passed on, and
 *     nothing if it does not occur; null passes on everything
 * @param training the stack's settings, overridden by the stage's own
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

    /** A copy with other decoding settings. */
    public StageConfig with(DecodingConfig decoding) {
        return new StageConfig(
                name, prompt, target, teach, contract, adapter, decoding, answerAfter, training);
    }

    /** The source of a stage's adapter. */
    public sealed interface Adapter {
        /** Trained by {@code cairn train} into the stack's output folder. */
        record Trained() implements Adapter {}

        /** An existing PEFT directory, which is not trained here. */
        record At(Path directory) implements Adapter {}

        /** No adapter: the base alone. */
        record None() implements Adapter {}
    }
}
