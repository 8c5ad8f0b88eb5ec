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
import dev.cairn.text.completion.Ending;
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
 * @param adapterDigest digest of the adapter's weights
 * @param prompt renders the prompt in the base's format
 * @param trims whether white space around the output is removed
 */
public record Stage(
        String stack,
        String base,
        AdapterDigest adapterDigest,
        StageConfig config,
        PromptRenderer prompt,
        Generator generator,
        Tokenizer tokenizer,
        boolean trims) {

    /** The same stage with other decoding settings. */
    public Stage with(DecodingConfig decoding) {
        return new Stage(
                stack,
                base,
                adapterDigest,
                config.with(decoding),
                prompt,
                generator,
                tokenizer,
                trims);
    }

    /** The same stage, whose output keeps the white space around it. */
    public Stage verbatim() {
        return new Stage(stack, base, adapterDigest, config, prompt, generator, tokenizer, false);
    }

    public Stage withSeed(long seed) {
        return with(config.decoding().withSeed(seed));
    }

    public Stage writing(int maxNewTokens, List<String> until) {
        int window = generator.model().config().maxPositions();
        if (maxNewTokens >= window) {
            throw new CairnException(
                    "%s: the requested answer of %d tokens leaves no room for a prompt in the context window of %d"
                            .formatted(base, maxNewTokens, window));
        }
        return with(config.decoding().writing(maxNewTokens, until));
    }

    /** A stage's output and its tokens, without the token that ended the text. */
    public record Output(StageTrace trace, List<TokenProbability> tokens) {}

    /**
     * Runs the stage.
     *
     * @param texts the input and the outputs of earlier stages, by name
     * @param listener receives the output as it becomes final
     * @param top how many of the most probable tokens to report beside each token
     */
    public Output run(
            Map<String, String> texts, StageListener listener, Cancellation cancellation, int top) {
        String prompt = this.prompt.render(texts);
        listener.started(config.name(), prompt);
        int[] ids = tokenizer.encode(prompt, this.prompt.addSpecialTokens());
        if (ids.length == 0) {
            throw new CairnException(
                    "stack %s: stage %s has an empty prompt; expected at least one token"
                            .formatted(stack, config.name()));
        }
        int truncated = Math.max(0, ids.length - room());
        int[] kept = Arrays.copyOfRange(ids, truncated, ids.length);
        Writing.Rules rules =
                new Writing.Rules(
                        config.decoding().stop(), trims, config.answerAfter(), Ending.DEFAULT);
        return write(
                new Prompt(kept, truncated, truncated == 0 ? prompt : tokenizer.decode(kept)),
                rules,
                new Writing.Audience(config.name(), listener, top),
                cancellation);
    }

    /** Runs the stage without a listener. */
    public StageTrace run(Map<String, String> texts) {
        return run(texts, StageListener.NONE, Cancellation.NONE, 0).trace();
    }

    /**
     * A stage's rendered prompt.
     *
     * @param truncated how many tokens were cut from the beginning
     * @param text text of the ids, for the trace
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared as a value
    record Prompt(int[] ids, int truncated, String text) {}

    /** Continues token ids. */
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
     * The number of prompt tokens that fit beside the answer. A longer prompt loses its beginning,
     * because the question is at the end.
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
