package dev.cairn.train;

import dev.cairn.data.TokenExample;
import dev.cairn.data.TrainingPlan;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.weights.Parameter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one training run needs.
 *
 * @param model the base
 * @param adapter the adapter to train on a frozen base; null when the base itself is trained
 * @param plan the examples of each step
 * @param validation micro-batches of the validation set; empty for no validation
 * @param measure what to measure beside the loss on the validation set
 * @param directory folder of the checkpoint and the log
 * @param fingerprint everything the result depends on, as text; a checkpoint with another
 *     fingerprint is rejected
 */
public record TrainingRun(
        CausalLm model,
        @Nullable LoraAdapter adapter,
        TrainingPlan plan,
        List<List<TokenExample>> validation,
        Measure measure,
        TrainSettings settings,
        Path directory,
        String fingerprint) {
    List<Parameter> trained() {
        List<Parameter> all = adapter == null ? model.parameters() : adapter.parameters();
        return all.stream().filter(Parameter::isTrained).toList();
    }

    /**
     * Whether weight decay applies to a weight: it applies to matrices, not to gains and biases,
     * which have one row. In an adapter it applies to everything: all its weights are matrices,
     * even those of rank 1 with one row.
     */
    boolean decays(Parameter parameter) {
        return adapter != null || parameter.value().rows() > 1;
    }
}
