package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.YamlFile;
import dev.cairn.model.SamplerSettings;
import dev.cairn.text.Sampling;
import dev.cairn.text.completion.DecodingRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a stage writes.
 *
 * @param maxNewTokens the most tokens it may write
 * @param stop texts that end the writing; not part of what is written
 */
public record DecodingConfig(
        int maxNewTokens,
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        long seed,
        List<String> stop) {

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
    static final DecodingConfig DEFAULT =
            new YamlFile(Path.of(""), DEFAULTS).as(DecodingConfig.class);

    public DecodingConfig {
        stop = List.copyOf(stop);
        if (maxNewTokens < 1) {
            throw new CairnException("max_new_tokens: expected at least 1, found " + maxNewTokens);
        }
        if (stop.contains("")) {
            throw new CairnException("stop: expected texts of at least one character");
        }
        new SamplerSettings(temperature, topK, topP, minP, repetitionPenalty, seed);
    }

    DecodingConfig withSeed(long other) {
        return new DecodingConfig(
                maxNewTokens, temperature, topK, topP, minP, repetitionPenalty, other, stop);
    }

    DecodingConfig writing(int otherMaxNewTokens, List<String> until) {
        return new DecodingConfig(
                otherMaxNewTokens,
                temperature,
                topK,
                topP,
                minP,
                repetitionPenalty,
                seed,
                Stream.concat(stop.stream(), until.stream()).distinct().toList());
    }

    /** As a request says; what it leaves open as it is here. */
    DecodingConfig asked(DecodingRequest request, int otherMaxNewTokens) {
        return new DecodingConfig(
                otherMaxNewTokens,
                or(request.temperature(), temperature),
                or(request.topK(), topK),
                or(request.topP(), topP),
                or(request.minP(), minP),
                or(request.repetitionPenalty(), repetitionPenalty),
                or(request.seed(), seed),
                Stream.concat(stop.stream(), request.stop().stream()).distinct().toList());
    }

    private static <T> T or(@Nullable T asked, T own) {
        return asked == null ? own : asked;
    }

    SamplerSettings sampler() {
        return new SamplerSettings(temperature, topK, topP, minP, repetitionPenalty, seed);
    }

    Sampling sampling() {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, seed);
    }
}
