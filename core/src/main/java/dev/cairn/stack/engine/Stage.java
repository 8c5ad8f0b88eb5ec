package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.generate.Generator;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.template.PromptRenderer;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One step of a stack: a model with its adapter, a prompt template and decoding settings.
 *
 * @param stack name of the stack
 * @param base name of the base model, for the trace
 * @param adapterDigest that of the adapter's weights
 * @param prompt what it reads, as its base wants it written
 */
public record Stage(
        String stack,
        String base,
        AdapterDigest adapterDigest,
        StageConfig config,
        PromptRenderer prompt,
        Generator generator,
        Tokenizer tokenizer) {

    /** The same stage, writing in another way. */
    public Stage with(DecodingConfig decoding) {
        return new Stage(
                stack, base, adapterDigest, config.with(decoding), prompt, generator, tokenizer);
    }

    public Stage withSeed(long seed) {
        return with(config.decoding().withSeed(seed));
    }

    public Stage writing(int maxNewTokens, List<String> until) {
        int window = generator.model().config().maxPositions();
        if (maxNewTokens >= window) {
            throw new CairnException(
                    "%s: an answer of %d tokens is asked for, which leaves no room for a prompt in the window of %d"
                            .formatted(base, maxNewTokens, window));
        }
        return with(config.decoding().writing(maxNewTokens, until));
    }

    /** What a stage wrote, and its tokens, the one that ended the text not included. */
    public record Output(StageTrace trace, List<TokenProbability> tokens) {}

    /**
     * Runs the stage.
     *
     * @param texts the input and the outputs of earlier stages, by name
     * @param listener receives the output as it becomes certain
     * @param top how many of the most probable tokens to tell beside each token
     */
    public Output run(
            Map<String, String> texts, StageListener listener, Cancellation cancellation, int top) {
        String prompt = this.prompt.render(texts);
        listener.started(config.name(), prompt);
        int[] ids = tokenizer.encode(prompt);
        if (ids.length == 0) {
            throw new CairnException(
                    "stack %s: stage %s has an empty prompt; it needs at least one token to begin with"
                            .formatted(stack, config.name()));
        }
        int truncated = Math.max(0, ids.length - room());
        int[] kept = Arrays.copyOfRange(ids, truncated, ids.length);
        Writing.Rules rules =
                new Writing.Rules(config.decoding().stop(), true, config.answerAfter());
        return write(
                new Prompt(kept, truncated, truncated == 0 ? prompt : tokenizer.decode(kept)),
                rules,
                new Writing.Audience(config.name(), listener, top),
                cancellation);
    }

    /** Runs the stage with nobody listening. */
    public StageTrace run(Map<String, String> texts) {
        return run(texts, StageListener.NONE, Cancellation.NONE, 0).trace();
    }

    /**
     * What a stage reads.
     *
     * @param truncated how many tokens were cut off before the ids
     * @param text of the ids, for the trace
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared as a value
    record Prompt(int[] ids, int truncated, String text) {}

    /** Goes on writing after tokens. */
    Output write(
            Prompt prompt,
            Writing.Rules rules,
            Writing.Audience audience,
            Cancellation cancellation) {
        Writing writing = new Writing(tokenizer, prompt.ids(), rules, audience);
        Generator.Outcome outcome =
                generator.generate(
                        prompt.ids(),
                        config.decoding().sampling(),
                        config.decoding().maxNewTokens(),
                        writing,
                        cancellation);
        String output = writing.finish(outcome);
        StageTrace trace =
                new StageTrace(
                        identity(),
                        prompt.text(),
                        output,
                        outcome.end() == Generator.End.LENGTH
                                ? FinishReason.LENGTH
                                : FinishReason.STOP,
                        new StageTrace.Tokens(
                                prompt.ids().length,
                                prompt.truncated(),
                                outcome.tokens(),
                                writing.tokens(),
                                writing.logprobs()),
                        new StageTrace.Timing(outcome.prefillMillis(), outcome.decodeMillis()),
                        config.decoding().sampling());
        return new Output(trace, writing.probabilities());
    }

    private StageTrace.Identity identity() {
        return new StageTrace.Identity(stack, config.name(), base, adapterDigest.hex());
    }

    /**
     * Tokens of the prompt that fit beside the answer. A longer prompt loses its beginning: what is
     * asked stands at the end.
     */
    private int room() {
        return generator.model().config().maxPositions() - config.decoding().maxNewTokens();
    }

    /** The trace of a stage whose output a person gave. */
    public StageTrace edited(String text) {
        return new StageTrace(
                identity(),
                "",
                text,
                FinishReason.EDITED,
                StageTrace.Tokens.NONE,
                StageTrace.Timing.NONE,
                config.decoding().sampling());
    }
}
