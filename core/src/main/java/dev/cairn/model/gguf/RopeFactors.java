package dev.cairn.model.gguf;

import dev.cairn.format.Gguf;
import dev.cairn.model.config.Rope;
import dev.cairn.model.config.RopeScaling;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Llama 3's rotary scaling in GGUF's form: for each pair of a head, the factor by which its
 * frequency is divided. The settings behind the factors are not in the file.
 */
final class RopeFactors {
    private static final double LOW = 1;
    private static final double HIGH = 4;
    private static final int USUAL_WINDOW = 8192;

    /** Factors are computed in floats, in one of several orders of operations. */
    private static final double TOLERANCE = 1e-5;

    private RopeFactors() {}

    /** One factor per pair; null when the frequencies are not scaled pair by pair. */
    static float @Nullable [] of(Rope rope, int dims) {
        return rope.scaling() instanceof RopeScaling.Llama3 scaling
                ? of(rope.theta(), scaling, dims)
                : null;
    }

    private static float[] of(double theta, RopeScaling.Llama3 scaling, int dims) {
        float[] factors = new Rope(theta, 1, null).frequencies(dims);
        float[] scaled = new Rope(theta, 1, scaling).frequencies(dims);
        for (int i = 0; i < factors.length; i++) {
            factors[i] /= scaled[i];
        }
        return factors;
    }

    /**
     * Finds the settings that give a file's factors, in the form of config.json. All published
     * models have {@link #LOW} and {@link #HIGH} and divide the lowest frequency by the full
     * factor; the window of the original training follows from any pair whose factor lies between 1
     * and the full factor.
     *
     * @throws dev.cairn.CairnException when no such settings give the file's factors
     */
    static ObjectNode recover(Gguf.Entry entry, double theta) {
        float[] found = entry.toFloats();
        double factor = Math.round(found[found.length - 1]);
        float[] frequencies = new Rope(theta, 1, null).frequencies(2 * found.length);
        IntStream windows =
                IntStream.range(0, found.length)
                        .filter(i -> found[i] > 1 && found[i] < factor)
                        .map(i -> window(frequencies[i], found[i], factor));
        return IntStream.concat(windows, IntStream.of(USUAL_WINDOW))
                .mapToObj(window -> new RopeScaling.Llama3(factor, LOW, HIGH, window))
                .filter(scaling -> fits(of(theta, scaling, 2 * found.length), found))
                .findFirst()
                .map(RopeFactors::toJson)
                .orElseThrow(() ->
                        entry.error(
                                "expected the factors of Llama 3's rotary scaling, the only one that Cairn knows, found others"));
    }

    /**
     * From {@code 1 / found = (1 − s) / factor + s} with {@code s = (turns − LOW) / (HIGH − LOW)}.
     */
    private static int window(float frequency, float found, double factor) {
        double smooth = (1 / found - 1 / factor) / (1 - 1 / factor);
        double turns = LOW + smooth * (HIGH - LOW);
        return (int) Math.round(turns * 2 * Math.PI / frequency);
    }

    private static boolean fits(float[] factors, float[] found) {
        return IntStream.range(0, found.length)
                .allMatch(i -> Math.abs(factors[i] - found[i]) <= TOLERANCE * Math.abs(found[i]));
    }

    private static ObjectNode toJson(RopeScaling.Llama3 scaling) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("rope_type", "llama3")
                .put("factor", scaling.factor())
                .put("low_freq_factor", scaling.lowFreqFactor())
                .put("high_freq_factor", scaling.highFreqFactor())
                .put("original_max_position_embeddings", scaling.originalContext());
    }
}
