package dev.cairn.recipe.parts;

import dev.cairn.data.distill.DistillationPlan;
import dev.cairn.data.distill.DistillationTask;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Makes the distillation plan of a stack from its YAML. */
public final class DistillationPlans {
    /**
     * Besides the target, an example contains at least one token of the prompt and the end-of-text
     * token.
     */
    private static final int BESIDE_THE_TARGET = 2;

    private DistillationPlans() {}

    /** The plan: what the teacher writes for each stage of a stack. */
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

    /**
     * The part of sequence_len left by the target template's own words and the rest of an example.
     */
    private static int maxTokens(StageConfig stage, ToIntFunction<String> tokens) {
        Map<String, String> nothing =
                stage.target().variables().stream().collect(Collectors.toMap(v -> v, v -> ""));
        int around = tokens.applyAsInt(stage.target().render(nothing));
        return Math.max(1, stage.training().batches().sequenceLen() - around - BESIDE_THE_TARGET);
    }
}
