package dev.cairn.cli.option;

import dev.cairn.config.SamplingParams;
import dev.cairn.support.Range;
import dev.cairn.text.completion.DecodingRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an answer is decoded; what is left out is up to the model or the stack. */
public final class DecodingOptions {
    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description =
                    "The most tokens of an answer (a model: 512, or half its context window; a stack: what its YAML says, and never more).")
    private @Nullable Integer maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 always takes the most probable token, which is a model's default.")
    private @Nullable Double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Keep the K most probable tokens.")
    private @Nullable Integer topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            description = "Keep the fewest tokens whose probabilities add up to P.")
    private @Nullable Double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Drop tokens less probable than this share of the most probable one.")
    private @Nullable Double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            description = "Above 1, tokens that are there already become less probable.")
    private @Nullable Double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "Makes sampling repeatable (0).")
    private @Nullable Long seed;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "End the answer before this text. Repeatable.")
    private List<String> stop = new ArrayList<>();

    /**
     * The settings, checked before a model is opened.
     *
     * @throws dev.cairn.CairnException if one is out of range
     */
    public DecodingRequest request() {
        if (maxTokens != null) {
            Range.atLeast("--max-tokens", maxTokens, 1);
        }
        for (String text : stop) {
            Range.atLeast("--stop: length of the text", text.length(), 1);
        }
        var overrides =
                new SamplingParams.Overrides(
                        temperature, topK, topP, minP, repetitionPenalty, seed);
        overrides.over(SamplingParams.GREEDY);
        return new DecodingRequest(maxTokens, overrides, stop);
    }
}
