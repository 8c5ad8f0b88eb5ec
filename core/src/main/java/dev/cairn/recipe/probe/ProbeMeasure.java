package dev.cairn.recipe.probe;

import dev.cairn.data.TokenExample;
import dev.cairn.data.probes.Probe;
import dev.cairn.data.probes.Probes;
import dev.cairn.model.CausalLm;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.train.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures the probes while a model is trained: few of each, because it is done at every
 * evaluation.
 */
public record ProbeMeasure(CausalLm model, List<Probe> probes) implements Measure {
    private static final int COUNT = 8;

    /** The first of the probes that {@link ModelProbes} measures. */
    public static ProbeMeasure of(CausalLm model, Tokenizer tokenizer) {
        int window = model.config().maxPositions();
        return new ProbeMeasure(model, new Probes(tokenizer, window, ModelProbes.SEED).all(COUNT));
    }

    /** Identifies the probes, for a run whose end depends on them. */
    public String digest() {
        int hash = 1;
        int count = 0;
        for (Probe probe : probes) {
            for (TokenExample example : probe.examples()) {
                hash = 31 * hash + Arrays.hashCode(example.ids());
                count++;
            }
        }
        return count + ":" + Integer.toHexString(hash);
    }

    @Override
    public Map<String, Double> take() {
        return ProbeResult.shares(
                probes.stream().map(probe -> ProbeResult.of(model, probe)).toList());
    }
}
