package dev.cairn.model;

import dev.cairn.CairnException;
import dev.cairn.config.LoraConfig;
import dev.cairn.config.TargetModules;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.BoundedMatch;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code adapter_config.json} of a LoRA adapter, with PEFT's rules for the rank and scale of
 * each layer (huggingface/peft, {@code LoraConfig}).
 *
 * @param baseModelNameOrPath the base the adapter was trained on, if the file says so
 * @param revision revision of the base on the hub; null for the newest
 * @param r rank of the update, 1 or more
 * @param loraAlpha numerator of the scale
 * @param loraDropout fraction of input values dropped in training, from 0 to below 1
 * @param targetModules the layers that carry an adapter
 * @param useRslora whether to scale by the square root of the rank (Kalajdzievski 2023) instead of
 *     the rank
 * @param rankPattern ranks that differ from {@code r}, by pattern; the first match wins
 * @param alphaPattern alphas that differ from {@code loraAlpha}, by pattern; the first match wins
 */
public record PeftConfig(
        @Nullable String baseModelNameOrPath,
        @Nullable String revision,
        int r,
        double loraAlpha,
        double loraDropout,
        TargetModules targetModules,
        boolean useRslora,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern) {
    public static final String FILE_NAME = "adapter_config.json";

    /**
     * @throws CairnException naming the key whose value is out of range
     * @throws java.util.regex.PatternSyntaxException if a pattern is not a valid regular expression
     */
    public PeftConfig {
        checkRank("r", r);
        checkAlpha("lora_alpha", loraAlpha);
        if (!(loraDropout >= 0 && loraDropout < 1)) {
            throw new CairnException(
                    "lora_dropout: expected at least 0 and less than 1, found " + loraDropout);
        }
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        rankPattern.forEach((pattern, rank) -> checkRank("rank_pattern: " + pattern, rank));
        rankPattern.keySet().forEach(Pattern::compile);
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        alphaPattern.forEach((pattern, alpha) -> checkAlpha("alpha_pattern: " + pattern, alpha));
        alphaPattern.keySet().forEach(Pattern::compile);
    }

    /** A configuration with the same rank and alpha for every layer. */
    public static PeftConfig of(
            String baseModelNameOrPath,
            int r,
            double loraAlpha,
            double loraDropout,
            TargetModules targetModules) {
        return new PeftConfig(
                baseModelNameOrPath,
                null,
                r,
                loraAlpha,
                loraDropout,
                targetModules,
                false,
                Map.of(),
                Map.of());
    }

    /**
     * The configuration of an adapter to be trained.
     *
     * @param base path or hub name of the base, for other tools that open the adapter
     * @param revision revision of the base on the hub; null for the newest
     */
    public static PeftConfig of(String base, @Nullable String revision, LoraConfig lora) {
        return new PeftConfig(
                base,
                revision,
                lora.loraR(),
                lora.loraAlpha(),
                lora.loraDropout(),
                lora.loraTargetModules(),
                lora.useRslora(),
                lora.rankPattern(),
                lora.alphaPattern());
    }

    /**
     * Reads an {@code adapter_config.json}.
     *
     * @throws CairnException if a value is missing, invalid or not supported by Cairn; names file
     *     and key. Nothing is ignored silently
     */
    public static PeftConfig read(Path file) {
        return PeftConfigJson.read(file);
    }

    /**
     * Writes the file atomically, in a form that PEFT can load. Equal configurations give equal
     * bytes.
     */
    public void write(Path file) {
        AtomicFiles.writeString(file, PeftConfigJson.toJson(this));
    }

    /**
     * Whether this linear layer carries an adapter.
     *
     * @param module full dotted name in the base model
     * @param isHead whether it is the output head
     */
    public boolean targets(String module, boolean isHead) {
        return targetModules.matches(module, isHead);
    }

    /** Rank of the adapter for this layer. */
    public int rank(String module) {
        return find(rankPattern, module, r);
    }

    /** The factor of the adapter's update: α/r, or α/√r with rsLoRA. */
    public double scale(String module) {
        double alpha = find(alphaPattern, module, loraAlpha);
        int rank = rank(module);
        return alpha / (useRslora ? Math.sqrt(rank) : rank);
    }

    /** All patterns for ranks and alphas. */
    Set<String> patterns() {
        Set<String> patterns = new LinkedHashSet<>(rankPattern.keySet());
        patterns.addAll(alphaPattern.keySet());
        return patterns;
    }

    /**
     * PEFT's rule ({@code get_pattern_key}): a pattern matches whole parts at the end of a name.
     */
    static boolean matches(String pattern, String module) {
        return BoundedMatch.matches(Pattern.compile("(.*\\.)?(" + pattern + ")"), module);
    }

    private static <T> T find(Map<String, T> patterns, String module, T otherwise) {
        for (Map.Entry<String, T> entry : patterns.entrySet()) {
            if (matches(entry.getKey(), module)) {
                return entry.getValue();
            }
        }
        return otherwise;
    }

    private static void checkRank(String key, int rank) {
        if (rank < 1) {
            throw new CairnException(key + ": expected 1 or more, found " + rank);
        }
    }

    private static void checkAlpha(String key, double alpha) {
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new CairnException(key + ": expected a number above 0, found " + alpha);
        }
    }
}
