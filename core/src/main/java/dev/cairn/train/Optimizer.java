package dev.cairn.train;

import dev.cairn.model.weights.Parameter;
import dev.cairn.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/** Changes weights by their gradients. */
sealed interface Optimizer permits AdamW, Muon {
    /** The optimiser that a run's settings name, for the weights it trains. */
    static Optimizer of(TrainingRun run) {
        List<Parameter> trained = run.trained();
        return switch (run.settings().optimizerName()) {
            case ADAMW ->
                    new AdamW(
                            run.settings().optimizer(),
                            trained,
                            run::decays,
                            run.model().kernels());
            case MUON -> Muon.of(run, trained);
        };
    }

    /**
     * Updates all weights.
     *
     * @param step counted from 1
     * @param gradientScale factor for every gradient, used for clipping
     */
    void step(int step, double learningRate, double gradientScale);

    /** What it remembers from step to step, under the names it has in a checkpoint. */
    SequencedMap<String, Tensor> memory();
}
