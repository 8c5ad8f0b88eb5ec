package dev.cairn.stack.config;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.support.Range;
import dev.cairn.support.YamlFile;
import dev.cairn.text.completion.DecodingRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The decoding settings of a stage.
 *
 * @param maxNewTokens maximum number of tokens to generate
 * @param sampling how tokens are chosen; in the YAML its keys are on the same level as the others
 * @param stop stop strings, which end the output and are not part of it
 */
public record DecodingConfig(
        int maxNewTokens, @JsonUnwrapped SamplingParams sampling, List<String> stop) {

    static final ObjectNode DEFAULTS =
            YamlFile.literal(
                    """
                    max_new_tokens: 96
                    temperature: 0.0
                    top_k: 0
                    top_p: 1.0
                    min_p: 0.0
                    repetition_penalty: 1.0
                    seed: 0
                    stop: []
                    """);

    /** The defaults: greedy decoding, at most 96 tokens. */
    public static final DecodingConfig DEFAULT =
            new YamlFile(Path.of(""), DEFAULTS).as(DecodingConfig.class);

    /**
     * @throws CairnException if a setting is out of range; the message names it
     */
    public DecodingConfig {
        stop = List.copyOf(stop);
        Range.atLeast("max_new_tokens", maxNewTokens, 1);
        if (stop.contains("")) {
            throw new CairnException("stop: expected texts of at least one character");
        }
    }

    /** A copy with this maximum number of tokens. */
    public DecodingConfig withMaxNewTokens(int tokens) {
        return new DecodingConfig(tokens, sampling, stop);
    }

    /** A copy with other sampling settings. */
    public DecodingConfig with(SamplingParams other) {
        return new DecodingConfig(maxNewTokens, other, stop);
    }

    /** A copy with other stop strings. */
    public DecodingConfig withStop(List<String> texts) {
        return new DecodingConfig(maxNewTokens, sampling, texts);
    }

    /** A copy with another seed. */
    public DecodingConfig withSeed(long seed) {
        return new DecodingConfig(maxNewTokens, sampling.withSeed(seed), stop);
    }

    /** A copy with another maximum number of tokens and additional stop strings. */
    public DecodingConfig writing(int otherMaxNewTokens, List<String> until) {
        return new DecodingConfig(otherMaxNewTokens, sampling, also(until));
    }

    /** A copy with the settings of a request; what the request leaves open stays the same. */
    public DecodingConfig asked(DecodingRequest request, int otherMaxNewTokens) {
        return new DecodingConfig(
                otherMaxNewTokens, request.sampling().over(sampling), also(request.stop()));
    }

    private List<String> also(List<String> until) {
        return Stream.concat(stop.stream(), until.stream()).distinct().toList();
    }

    /**
     * All settings that the output depends on, as one text. Must not change, because files of
     * earlier versions contain it.
     */
    public String fingerprint() {
        return "DecodingConfig[maxNewTokens=%s, temperature=%s, topK=%s, topP=%s, minP=%s, repetitionPenalty=%s, seed=%s, stop=%s]"
                .formatted(
                        maxNewTokens,
                        sampling.temperature(),
                        sampling.topK(),
                        sampling.topP(),
                        sampling.minP(),
                        sampling.repetitionPenalty(),
                        sampling.seed(),
                        stop);
    }
}
