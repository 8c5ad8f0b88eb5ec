package dev.cairn.model.config;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the rotary embedding, read from either form in config.json: separate keys, or {@code
 * rope_parameters} (transformers 5).
 *
 * @param theta base of the frequencies
 * @param share fraction of each head that is rotated, above 0 and at most 1
 * @param scaling how frequencies are scaled for a context longer than in pre-training; null for no
 *     scaling
 */
public record Rope(double theta, double share, @Nullable Scaling scaling) {
    /** A scaling of the frequencies. */
    public sealed interface Scaling {
        /** The scaled frequency of one pair, rounded to float at every step. */
        float apply(float frequency);

        /**
         * Reads the object under a key.
         *
         * @return null when there is none, or one that scales nothing
         */
        static @Nullable Scaling read(ConfigJson json, String key) {
            ConfigJson part = json.child(key);
            String type = part.text("rope_type", part.text("type", "default"));
            return switch (type) {
                case "default" -> null;
                case "linear" -> Linear.read(json, key);
                case "llama3" -> Llama3.read(json, key);
                default -> {
                    json.expect(key + ".rope_type", type, "default", "linear", "llama3");
                    throw new IllegalStateException(type);
                }
            };
        }
    }

    /** All frequencies divided by one factor (Chen et al. 2023, {@code rope_type: linear}). */
    public record Linear(double factor) implements Scaling {
        private static Linear read(ConfigJson json, String key) {
            Linear scaling = new Linear(json.child(key).number("factor"));
            if (!(scaling.factor >= 1)) {
                throw json.wrong(key, "a factor of at least 1");
            }
            return scaling;
        }

        @Override
        public float apply(float frequency) {
            return frequency / (float) factor;
        }
    }

    /**
     * Llama 3's frequency scaling ({@code rope_type: llama3}). Frequencies that make fewer than
     * {@code lowFreqFactor} turns over the pre-training context are divided by {@code factor};
     * those with more than {@code highFreqFactor} turns stay unchanged; between the two the divisor
     * changes smoothly.
     */
    public record Llama3(
            double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
            implements Scaling {
        private static Llama3 read(ConfigJson json, String key) {
            ConfigJson part = json.child(key);
            Llama3 scaling =
                    new Llama3(
                            part.number("factor"),
                            part.number("low_freq_factor"),
                            part.number("high_freq_factor"),
                            part.positive("original_max_position_embeddings"));
            if (!(scaling.factor >= 1
                    && scaling.lowFreqFactor > 0
                    && scaling.highFreqFactor > scaling.lowFreqFactor)) {
                throw json.wrong(
                        key,
                        "a factor of at least 1 and a high_freq_factor above a positive low_freq_factor");
            }
            return scaling;
        }

        @Override
        public float apply(float frequency) {
            float wavelength = (float) (2 * Math.PI) / frequency;
            float stretched = frequency / (float) factor;
            if (wavelength > originalContext / lowFreqFactor) {
                return stretched;
            }
            if (wavelength < originalContext / highFreqFactor) {
                return frequency;
            }
            float turns = originalContext / wavelength;
            float smooth =
                    (turns - (float) lowFreqFactor) / (float) (highFreqFactor - lowFreqFactor);
            return (1 - smooth) * stretched + smooth * frequency;
        }
    }

    public static Rope read(
            ConfigJson json, String thetaKey, String shareKey, double defaultShare) {
        Scaling older = Scaling.read(json, "rope_scaling");
        Scaling newest = Scaling.read(json, "rope_parameters");
        ConfigJson newer = json.child("rope_parameters");
        double theta =
                newer.number("rope_theta", json.number(thetaKey, json.number("rope_theta", 10000)));
        double share = newer.number("partial_rotary_factor", json.number(shareKey, defaultShare));
        if (!(theta > 0 && share >= 0 && share <= 1)) {
            throw json.wrong(shareKey, "a share between 0 and 1, and " + thetaKey + " above 0");
        }
        return new Rope(theta, share, newest != null ? newest : older);
    }

    /**
     * Reads the settings of one type of layers, from {@code rope_parameters} with an object for
     * each type (transformers 5) or from separate keys.
     *
     * @param type key of the object
     * @param thetaKey key of the base in older files
     * @param scalingKey key of the scaling in older files; null if these layers have none
     */
    public static Rope ofLayers(
            ConfigJson json,
            String type,
            String thetaKey,
            double defaultTheta,
            @Nullable String scalingKey) {
        ConfigJson newer = json.child("rope_parameters");
        ConfigJson own = newer.child(type);
        double theta = own.number("rope_theta", json.number(thetaKey, defaultTheta));
        double share = own.number("partial_rotary_factor", 1);
        json.expect(type + ".partial_rotary_factor", Double.toString(share), "1.0");
        if (!(theta > 0)) {
            throw json.wrong(thetaKey, "a number above 0");
        }
        Scaling scaling = Scaling.read(newer, type);
        return new Rope(
                theta,
                share,
                scaling == null && scalingKey != null ? Scaling.read(json, scalingKey) : scaling);
    }

    /**
     * The angle, in radians, by which each of the {@code dims / 2} pairs of values turns from one
     * position to the next. Every step is rounded to float, as in the implementations that models
     * are trained with: at position 3,000 the rounding changes logits by up to 1e-3.
     */
    public float[] frequencies(int dims) {
        float[] frequencies = new float[dims / 2];
        for (int i = 0; i < frequencies.length; i++) {
            float frequency = 1 / (float) Math.pow(theta, 2f * i / dims);
            frequencies[i] = scaling == null ? frequency : scaling.apply(frequency);
        }
        return frequencies;
    }
}
