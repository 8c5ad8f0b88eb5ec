package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.tensor.Gguf;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rotary scaling of Llama 3.1 ({@code rope_type: llama3} in config.json) as GGUF has it: one
 * number per pair of a head, by which its frequency is divided.
 *
 * @param factor divisor of the low frequencies
 * @param low wavelengths above {@code original / low} are low frequencies
 * @param high wavelengths below {@code original / high} stay as they are
 * @param original context window of the training before
 */
record RopeFactors(double factor, double low, double high, int original) {
    private static final double PUBLISHED_LOW = 1;
    private static final double PUBLISHED_HIGH = 4;
    private static final int PUBLISHED_ORIGINAL = 8192;

    /** GGUF keeps 24 binary digits of numbers that were computed in as many. */
    private static final double TOLERANCE = 1e-4;

    /** What config.json says; empty when the frequencies are not scaled. */
    static Optional<RopeFactors> read(ConfigJson config) {
        ConfigJson scaling =
                config.has("rope_scaling")
                        ? config.child("rope_scaling")
                        : config.child("rope_parameters");
        String type = scaling.text("rope_type", scaling.text("type", "default"));
        if (!type.equals("llama3")) {
            return Optional.empty();
        }
        return Optional.of(
                new RopeFactors(
                        scaling.number("factor", 8),
                        scaling.number("low_freq_factor", PUBLISHED_LOW),
                        scaling.number("high_freq_factor", PUBLISHED_HIGH),
                        scaling.positive("original_max_position_embeddings", PUBLISHED_ORIGINAL)));
    }

    /** One number per pair. */
    float[] values(double theta, int dims) {
        float[] values = new float[dims / 2];
        for (int i = 0; i < values.length; i++) {
            double wavelength = 2 * Math.PI * Math.pow(theta, 2.0 * i / dims);
            values[i] = (float) value(wavelength);
        }
        return values;
    }

    private double value(double wavelength) {
        if (wavelength < original / high) {
            return 1;
        }
        if (wavelength > original / low) {
            return factor;
        }
        double smooth = (original / wavelength - low) / (high - low);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    /**
     * The settings that give a file's numbers. They are not in the file; those of the published
     * models differ in nothing but the factor, which is the number of the lowest frequency.
     *
     * @throws CairnException when these settings do not give the file's numbers
     */
    static RopeFactors recover(Gguf.Entry entry, double theta) {
        float[] found = entry.toFloats();
        RopeFactors settings =
                new RopeFactors(
                        found[found.length - 1], PUBLISHED_LOW, PUBLISHED_HIGH, PUBLISHED_ORIGINAL);
        float[] values = settings.values(theta, 2 * found.length);
        for (int i = 0; i < found.length; i++) {
            if (!(Math.abs(found[i] - values[i]) <= TOLERANCE * Math.abs(values[i]))) {
                throw new CairnException(
                        "%s: tensor %s: its factors are not those of Llama 3's rotary scaling from a window of %d, and Cairn knows no other"
                                .formatted(entry.file(), entry.name(), PUBLISHED_ORIGINAL));
            }
        }
        return settings;
    }

    ObjectNode toJson() {
        return JsonMapper.shared()
                .createObjectNode()
                .put("rope_type", "llama3")
                .put("factor", factor)
                .put("low_freq_factor", low)
                .put("high_freq_factor", high)
                .put("original_max_position_embeddings", original);
    }
}
