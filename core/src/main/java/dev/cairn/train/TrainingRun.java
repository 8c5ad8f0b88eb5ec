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
 * Everything one run needs.
 *
 * @param model the base
 * @param adapter what is trained beside the frozen base; null when the base itself is trained
 * @param plan which examples in which step
 * @param validation micro-batches the run is judged by; empty to judge by nothing
 * @param directory where checkpoint and log are kept
 * @param fingerprint everything the result depends on, in words: a checkpoint made under another
 *     one is refused
 */
public record TrainingRun(
        CausalLm model,
        @Nullable LoraAdapter adapter,
        TrainingPlan plan,
        List<List<TokenExample>> validation,
        TrainSettings settings,
        Path directory,
        String fingerprint) {
    List<Parameter> trained() {
        List<Parameter> all = adapter == null ? model.parameters() : adapter.parameters();
        return all.stream().filter(Parameter::isTrained).toList();
    }

    /**
     * Whether weight decay applies: to matrices, not to gains and biases, which have one row. In an
     * adapter everything is a matrix, and one of rank 1 has one row too.
     */
    boolean decays(Parameter parameter) {
        return adapter != null || parameter.value().rows() > 1;
    }
}
