package dev.cairn.recipe.parts;

import dev.cairn.data.distill.DistillationPlan;
import dev.cairn.data.distill.DistillationTask;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** What a stack's YAML says about teaching, as the distiller wants it. */
public final class DistillationPlans {
    /** An example has its prompt, of at least one token, and the end of text too. */
    private static final int BESIDE_THE_TARGET = 2;

    private DistillationPlans() {}

    /** What is taught at the stages of a stack. */
    public static DistillationPlan of(StackConfig stack, Tokenizer tokenizer) {
        ToIntFunction<String> tokens = text -> tokenizer.encode(text).length;
        return new DistillationPlan(
                stack.file().toString(),
                stack.stages().stream()
                        .map(stage ->
                                new DistillationTask(
                                        stage.name(),
                                        stage.teach(),
                                        stage.contract(),
                                        maxTokens(stage, tokens)))
                        .toList(),
                stack.teacher().settings(),
                stack.teacher().samples(),
                tokens);
    }

    /** What is left of sequence_len beside the target's own words and the rest of an example. */
    private static int maxTokens(StageConfig stage, ToIntFunction<String> tokens) {
        Map<String, String> nothing =
                stage.target().variables().stream().collect(Collectors.toMap(v -> v, v -> ""));
        int around = tokens.applyAsInt(stage.target().render(nothing));
        return Math.max(1, stage.training().batches().sequenceLen() - around - BESIDE_THE_TARGET);
    }
}
