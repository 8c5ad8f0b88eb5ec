package dev.cairn.config;

import dev.cairn.CairnException;
import dev.cairn.support.Range;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Shape and scale of a LoRA adapter (Hu et al. 2021); names after PEFT.
 *
 * @param loraR rank
 * @param loraAlpha the update is scaled by alpha / rank, or alpha / √rank with rsLoRA
 * @param loraDropout share of a layer's inputs dropped in training
 * @param loraTargetModules which linear layers carry an adapter
 * @param useRslora rank-stabilised scale (Kalajdzievski 2023)
 * @param rankPattern ranks that differ from {@code loraR}, by PEFT's patterns of layer names
 * @param alphaPattern alphas that differ from {@code loraAlpha}, likewise
 */
public record LoraConfig(
        int loraR,
        double loraAlpha,
        double loraDropout,
        TargetModules loraTargetModules,
        boolean useRslora,
        Map<String, Integer> rankPattern,
        Map<String, Double> alphaPattern) {
    /**
     * @throws CairnException naming the setting that is out of range
     */
    public LoraConfig {
        // Keeps the order given: of several matching patterns, the first counts.
        rankPattern = Collections.unmodifiableMap(new LinkedHashMap<>(rankPattern));
        alphaPattern = Collections.unmodifiableMap(new LinkedHashMap<>(alphaPattern));
        Range.atLeast("lora_r", loraR, 1);
        Range.within("lora_alpha", loraAlpha, Range.ABOVE_0, 1e6);
        Range.within("lora_dropout", loraDropout, 0, 0.99);
        rankPattern.forEach((pattern, rank) -> Range.atLeast(patternKey("rank", pattern), rank, 1));
        alphaPattern.forEach((pattern, alpha) ->
                Range.within(patternKey("alpha", pattern), alpha, Range.ABOVE_0, 1e6));
    }

    /** An adapter of this rank and alpha on every linear layer, with a dropout of 0.05. */
    public static LoraConfig of(int rank, double alpha) {
        return new LoraConfig(
                rank, alpha, 0.05, new TargetModules.AllLinear(), false, Map.of(), Map.of());
    }

    private static String patternKey(String of, String pattern) {
        String key = of + "_pattern: " + pattern;
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new CairnException(key + ": expected a regular expression", e);
        }
        return key;
    }
}
