package dev.cairn.train;

import java.util.Map;

/** Measures at each evaluation of a run what else, beside the validation loss, shows progress. */
@FunctionalInterface
public interface Measure {
    /** Measures nothing. */
    Measure NONE = Map::of;

    /**
     * Measures the model as it is now.
     *
     * @return shares between 0 and 1 by name, in the order to show them in; more is better. Empty
     *     if there is nothing to measure
     */
    Map<String, Double> take();
}
