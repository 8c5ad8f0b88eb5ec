package dev.cairn.model.config;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the rotary embedding.
 *
 * @param theta base of the frequencies
 * @param share fraction of each head that is rotated, above 0 and at most 1
 * @param scaling how frequencies are scaled for a context longer than in pre-training; null for no
 *     scaling
 */
public record Rope(double theta, double share, @Nullable RopeScaling scaling) {
    /**
     * Reads the settings where transformers 5 looks for them: {@code rope_scaling}, or else {@code
     * rope_parameters}, and beside either what it leaves open.
     *
     * @param thetaKey the base's key beside the dictionary
     * @param defaultTheta the family's base where the file names none
     * @param shareKey the share's key beside the dictionary
     */
    public static Rope read(
            ConfigJson json,
            String thetaKey,
            double defaultTheta,
            String shareKey,
            double defaultShare) {
        String key = json.child("rope_scaling").isEmpty() ? "rope_parameters" : "rope_scaling";
        ConfigJson part = json.child(key);
        part.objects()
                .findFirst()
                .ifPresent(nested -> {
                    throw json.wrong(
                            key, "the same settings for all layers, not others for " + nested);
                });
        double theta = part.number("rope_theta", json.number(thetaKey, defaultTheta));
        double share = part.number("partial_rotary_factor", json.number(shareKey, defaultShare));
        requireBase(json, thetaKey, theta);
        if (!(share >= 0 && share <= 1)) {
            throw json.wrong(shareKey, "a share between 0 and 1");
        }
        return new Rope(theta, share, RopeScaling.read(json, part, key));
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
        ConfigJson own = json.child("rope_parameters").child(type);
        String key = scalingKey == null ? "rope_parameters." + type : scalingKey;
        ConfigJson older = scalingKey == null ? own : json.child(scalingKey);
        double theta =
                older.number(
                        "rope_theta",
                        own.number("rope_theta", json.number(thetaKey, defaultTheta)));
        double share = own.number("partial_rotary_factor", 1);
        json.expect(type + ".partial_rotary_factor", Double.toString(share), "1.0");
        requireBase(json, thetaKey, theta);
        return older.isEmpty()
                ? new Rope(theta, share, RopeScaling.read(json, own, "rope_parameters." + type))
                : new Rope(theta, share, RopeScaling.read(json, older, key));
    }

    private static void requireBase(ConfigJson json, String key, double theta) {
        if (!(theta > 0 && Double.isFinite(theta))) {
            throw json.wrong(key, "a number above 0");
        }
    }

    /**
     * The angle, in radians, by which each of the {@code dims / 2} pairs of values turns from one
     * position to the next. Every step is rounded to float, as in the implementations that models
     * are trained with: at position 3,000 the rounding changes logits by up to 1e-3.
     */
    public float[] frequencies(int dims) {
        float[] frequencies = new float[dims / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (float) Math.pow(theta, 2f * i / dims);
        }
        if (scaling != null) {
            scaling.apply(frequencies, theta);
        }
        return frequencies;
    }

    /** Factor of the cosines and sines. */
    public double attentionFactor() {
        return scaling == null ? 1 : scaling.attentionFactor();
    }
}
