package dev.cairn.recipe.probe;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.data.probes.Probe;
import dev.cairn.data.probes.Probes;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.Part;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures how well a model copies and looks up. It is shown texts whose end follows from what
 * stands before, and learns nothing.
 *
 * @param found the model
 * @param count examples of each kind and size
 * @param listener receives the progress
 */
public record ModelProbes(ModelFinder.Found found, int count, RecipeListener listener) {
    /** Seed of all probes, so that models are shown the same words. */
    public static final long SEED = 19;

    /**
     * Measures.
     *
     * @throws CairnException if the model is missing or broken, or its context window is too short
     *     for any probe
     */
    public ProbeResults run() {
        CausalLm model = Models.openForMeasuring(found.directory(), WeightFormat.AS_STORED);
        Tokenizer tokenizer = Tokenizer.load(found.directory());
        int window = model.config().maxPositions();
        List<Probe> probes = new Probes(tokenizer, window, SEED).all(count);
        if (probes.isEmpty()) {
            throw new CairnException(
                    "%s: expected a context window long enough for a probe, found %d tokens"
                            .formatted(found.directory(), window));
        }
        List<ProbeResult> results = new ArrayList<>();
        try (Part part = Part.begin(listener, name(), "probes", 0, probes.size())) {
            for (Probe probe : probes) {
                results.add(ProbeResult.of(model, probe));
                part.scored(results.size(), probes.size(), 0);
            }
        }
        return new ProbeResults(name(), results);
    }

    private String name() {
        String id = found.hubId();
        return id != null
                ? id
                : String.valueOf(found.directory().toAbsolutePath().normalize().getFileName());
    }
}
