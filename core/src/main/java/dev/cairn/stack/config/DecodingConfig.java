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
 * How a stage writes.
 *
 * @param maxNewTokens the maximum number of tokens it may write
 * @param sampling how tokens are chosen; in the YAML its keys stand beside the others
 * @param stop texts that end the writing; not part of what is written
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

    /** What a YAML that says nothing means: the most probable tokens, 96 at most. */
    public static final DecodingConfig DEFAULT =
            new YamlFile(Path.of(""), DEFAULTS).as(DecodingConfig.class);

    /**
     * @throws CairnException naming the setting that is out of range
     */
    public DecodingConfig {
        stop = List.copyOf(stop);
        Range.atLeast("max_new_tokens", maxNewTokens, 1);
        if (stop.contains("")) {
            throw new CairnException("stop: expected texts of at least one character");
        }
    }

    /** The same with at most so many tokens. */
    public DecodingConfig withMaxNewTokens(int tokens) {
        return new DecodingConfig(tokens, sampling, stop);
    }

    /** The same with another way to choose tokens. */
    public DecodingConfig with(SamplingParams other) {
        return new DecodingConfig(maxNewTokens, other, stop);
    }

    /** The same with other texts that end the writing. */
    public DecodingConfig withStop(List<String> texts) {
        return new DecodingConfig(maxNewTokens, sampling, texts);
    }

    /** The same with another seed. */
    public DecodingConfig withSeed(long seed) {
        return new DecodingConfig(maxNewTokens, sampling.withSeed(seed), stop);
    }

    /** The same with another number of tokens, ending at some more texts too. */
    public DecodingConfig writing(int otherMaxNewTokens, List<String> until) {
        return new DecodingConfig(otherMaxNewTokens, sampling, also(until));
    }

    /** As a request says; what it leaves open as it is here. */
    public DecodingConfig asked(DecodingRequest request, int otherMaxNewTokens) {
        return new DecodingConfig(
                otherMaxNewTokens, request.sampling().over(sampling), also(request.stop()));
    }

    private List<String> also(List<String> until) {
        return Stream.concat(stop.stream(), until.stream()).distinct().toList();
    }

    /**
     * Everything that what is written depends on, as one text. Files of earlier versions hold it,
     * so it must not change.
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
