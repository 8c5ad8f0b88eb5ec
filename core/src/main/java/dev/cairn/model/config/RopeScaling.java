package dev.cairn.model.config;

import org.jspecify.annotations.Nullable;

/** How rotary frequencies are changed for a context longer than the one in pre-training. */
public sealed interface RopeScaling {
    /**
     * Changes the frequencies of one head, in radians per position.
     *
     * @param frequencies as in pre-training, one for each pair of values; changed in place
     * @param theta base of the frequencies
     */
    void apply(float[] frequencies, double theta);

    /** Factor of the cosines and sines, and so, squared, of the attention scores. */
    default double attentionFactor() {
        return 1;
    }

    /** {@code rope_type: linear}: all frequencies are divided by one factor (Chen et al. 2023). */
    record Linear(double factor) implements RopeScaling {
        @Override
        public void apply(float[] frequencies, double theta) {
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] /= (float) factor;
            }
        }
    }

    /**
     * Llama 3's frequency scaling ({@code rope_type: llama3}). Frequencies that make fewer than
     * {@code lowFreqFactor} turns over the pre-training context are divided by {@code factor};
     * those with more than {@code highFreqFactor} turns stay unchanged; between the two the divisor
     * changes smoothly.
     */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
            implements RopeScaling {
        @Override
        public void apply(float[] frequencies, double theta) {
            for (int i = 0; i < frequencies.length; i++) {
                frequencies[i] = scaled(frequencies[i]);
            }
        }

        private float scaled(float frequency) {
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

    /**
     * YaRN ({@code rope_type: yarn}; Peng et al. 2023): pairs that make more than {@code betaFast}
     * turns over the pre-training context keep their frequency, those with fewer than {@code
     * betaSlow} have it divided by {@code factor}; between the two the change is linear in the
     * pair's index.
     *
     * @param truncate whether the two indexes are rounded outwards
     */
    record Yarn(
            double factor,
            int originalContext,
            double betaFast,
            double betaSlow,
            boolean truncate,
            double attentionFactor)
            implements RopeScaling {
        /** Whether everything but the factor and the context is as in the paper. */
        public boolean isUsual() {
            return betaFast == 32
                    && betaSlow == 1
                    && truncate
                    && attentionFactor == magnitude(factor, 1);
        }

        /** The paper's attention factor. */
        static double magnitude(double factor, double mscale) {
            return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
        }

        @Override
        public void apply(float[] frequencies, double theta) {
            double from = Math.max(index(betaFast, frequencies.length, theta, false), 0);
            double to =
                    Math.min(
                            index(betaSlow, frequencies.length, theta, true),
                            2 * frequencies.length - 1);
            float width = (float) (from == to ? 0.001 : to - from);
            for (int i = 0; i < frequencies.length; i++) {
                float kept = 1 - Math.clamp((i - (float) from) / width, 0f, 1f);
                float stretched = 1 / ((float) factor * (1 / frequencies[i]));
                frequencies[i] = stretched * (1 - kept) + frequencies[i] * kept;
            }
        }

        /** The index of the pair that makes this many turns, between two indexes as a rule. */
        private double index(double turns, int pairs, double theta, boolean up) {
            double index =
                    2
                            * pairs
                            * Math.log(originalContext / (turns * 2 * Math.PI))
                            / (2 * Math.log(theta));
            return !truncate ? index : up ? Math.ceil(index) : Math.floor(index);
        }
    }

    /**
     * Reads the settings of one dictionary of config.json.
     *
     * @param json the whole file
     * @param key where the dictionary is, for messages
     * @return null if the frequencies stay as they are
     */
    static @Nullable RopeScaling read(ConfigJson json, ConfigJson part, String key) {
        String type = part.text("rope_type", part.text("type", "default"));
        return switch (type) {
            // "dynamic" changes nothing before the context window ends, where Cairn ends too.
            case "default", "dynamic" -> null;
            case "linear" -> new Linear(factor(json, part, key));
            case "llama3" -> llama3(json, part, key);
            case "yarn" -> yarn(json, part, key);
            default -> {
                json.expect(
                        key + ".rope_type", type, "default", "linear", "dynamic", "llama3", "yarn");
                throw new IllegalStateException(type);
            }
        };
    }

    private static double factor(ConfigJson json, ConfigJson part, String key) {
        double factor = part.number("factor");
        if (!(factor >= 1 && Double.isFinite(factor))) {
            throw json.wrong(key, "a factor of at least 1");
        }
        return factor;
    }

    /** The one beside the dictionary comes first, as in transformers. */
    private static int originalContext(ConfigJson json, ConfigJson part) {
        String key = "original_max_position_embeddings";
        return json.has(key)
                ? json.positive(key)
                : part.positive(key, json.positive("max_position_embeddings"));
    }

    private static Llama3 llama3(ConfigJson json, ConfigJson part, String key) {
        Llama3 scaling =
                new Llama3(
                        factor(json, part, key),
                        part.number("low_freq_factor"),
                        part.number("high_freq_factor"),
                        originalContext(json, part));
        if (!(scaling.lowFreqFactor > 0 && scaling.highFreqFactor > scaling.lowFreqFactor)) {
            throw json.wrong(key, "a high_freq_factor above a positive low_freq_factor");
        }
        return scaling;
    }

    private static Yarn yarn(ConfigJson json, ConfigJson part, String key) {
        int original = originalContext(json, part);
        double factor =
                part.has("factor")
                        ? factor(json, part, key)
                        : (double) json.positive("max_position_embeddings") / original;
        double mscale = part.number("mscale", 0);
        double mscaleAllDim = part.number("mscale_all_dim", 0);
        double attention =
                mscale != 0 && mscaleAllDim != 0
                        ? Yarn.magnitude(factor, mscale) / Yarn.magnitude(factor, mscaleAllDim)
                        : Yarn.magnitude(factor, 1);
        Yarn yarn =
                new Yarn(
                        factor,
                        original,
                        orUsual(part.number("beta_fast", 0), 32),
                        orUsual(part.number("beta_slow", 0), 1),
                        part.flag("truncate", true),
                        part.number("attention_factor", attention));
        if (!(yarn.betaSlow > 0 && yarn.betaFast >= yarn.betaSlow && yarn.attentionFactor > 0)) {
            throw json.wrong(
                    key, "a beta_fast above a positive beta_slow, and a positive attention_factor");
        }
        return yarn;
    }

    /** Transformers takes a 0 for a missing value here. */
    private static double orUsual(double found, double usual) {
        return found == 0 ? usual : found;
    }
}
