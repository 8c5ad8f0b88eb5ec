package dev.cairn.model;

import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;

/**
 * Loads the modules of a model by their names in the checkpoint, below a common prefix.
 *
 * @param prefix empty, or a module's name followed by a dot
 */
record ModuleLoader(Weights weights, String prefix) {
    /** A loader for the modules below this one. */
    ModuleLoader at(String module) {
        return new ModuleLoader(weights, prefix + module + ".");
    }

    /** An embedding table, {@code [rows, cols]}, whose vectors are multiplied by a constant. */
    Embedding embedding(String name, int rows, int cols, double scale) {
        return new Embedding(weights.matrix(prefix + name + ".weight", rows, cols), scale);
    }

    /** A linear layer, {@code [out, in]}. */
    Linear linear(String name, int out, int in, boolean hasBias) {
        String full = prefix + name;
        return new Linear(
                full,
                weights.linear(full + ".weight", out, in),
                hasBias ? weights.bias(full + ".bias", out) : null);
    }

    /** Whether the files hold a matrix of this name. */
    boolean holds(String name) {
        return weights.holds(prefix + name + ".weight");
    }

    /** The output head of a model that does not share its embedding's matrix. */
    Linear head(String name, int vocabulary, int in) {
        String full = prefix + name;
        return new Linear(full, weights.head(full + ".weight", vocabulary, in), null);
    }

    /** The output head of a model that shares its embedding's matrix. */
    Linear tiedHead(String name, Embedding embedding) {
        return new Linear(prefix + name, weights.tied(embedding.weight()), null);
    }

    /** A LayerNorm with gain and bias. */
    Norm.Layer layerNorm(String name, int size, double eps) {
        Parameter gain = weights.gain(prefix + name + ".weight", size);
        return new Norm.Layer(gain, weights.bias(prefix + name + ".bias", size), eps);
    }

    /** An RMSNorm whose gain is one plus its weights, which begin at zero like biases. */
    Norm.OffsetRms offsetRmsNorm(String name, int size, double eps) {
        return new Norm.OffsetRms(weights.bias(prefix + name + ".weight", size), eps);
    }

    /** An RMSNorm. */
    Norm.Rms rmsNorm(String name, int size, double eps) {
        return new Norm.Rms(weights.gain(prefix + name + ".weight", size), eps);
    }
}
