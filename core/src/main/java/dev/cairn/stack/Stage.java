package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.generate.Generator;
import dev.cairn.generate.SampledToken;
import dev.cairn.text.FinishReason;
import dev.cairn.text.Sampling;
import dev.cairn.text.StageTrace;
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
record Stage(
        String stack,
        String base,
        AdapterDigest adapterDigest,
        StageConfig config,
        PromptRenderer prompt,
        Generator generator,
        Tokenizer tokenizer) {

    /** The same stage, writing in another way. */
    Stage with(DecodingConfig decoding) {
        return new Stage(
                stack, base, adapterDigest, config.with(decoding), prompt, generator, tokenizer);
    }

    Stage withSeed(long seed) {
        return with(config.decoding().withSeed(seed));
    }

    Stage writing(int maxNewTokens, List<String> until) {
        int window = generator.model().config().maxPositions();
        if (maxNewTokens >= window) {
            throw new CairnException(
                    "%s: an answer of %d tokens is asked for, which leaves no room for a prompt in the window of %d"
                            .formatted(base, maxNewTokens, window));
        }
        return with(config.decoding().writing(maxNewTokens, until));
    }

    /**
     * Runs the stage.
     *
     * @param texts the input and the outputs of earlier stages, by name
     * @param observer receives the output as it becomes certain
     */
    StageTrace run(Map<String, String> texts, Stack.Observer observer) {
        String prompt = this.prompt.render(texts);
        observer.started(config, prompt);
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
                kept,
                truncated,
                truncated == 0 ? prompt : tokenizer.decode(kept),
                rules,
                telling(observer));
    }

    /** Tells an observer what this stage writes. */
    Writing.Listener telling(Stack.Observer observer) {
        return new Writing.Listener() {
            @Override
            public void chose(SampledToken token) {
                observer.chose(config, token);
            }

            @Override
            public void wrote(String piece) {
                observer.wrote(config, piece);
            }

            @Override
            public void check() {
                observer.check();
            }
        };
    }

    /**
     * Goes on writing after tokens.
     *
     * @param truncated how many tokens were cut off before them
     * @param prompt the text of the tokens, for the trace
     */
    StageTrace write(
            int[] ids,
            int truncated,
            String prompt,
            Writing.Rules rules,
            Writing.Listener listener) {
        Writing writing = new Writing(tokenizer, ids, rules, listener);
        Generator.Outcome outcome =
                generator.generate(
                        ids,
                        config.decoding().sampler(),
                        config.decoding().maxNewTokens(),
                        writing);
        String output = writing.finish(outcome);
        return new StageTrace(
                stack,
                config.name(),
                base,
                adapterDigest.hex(),
                prompt,
                output,
                outcome.end() == Generator.End.LENGTH ? FinishReason.LENGTH : FinishReason.STOP,
                ids.length,
                truncated,
                outcome.tokens(),
                writing.tokens(),
                writing.logprobs(),
                outcome.prefillMillis(),
                outcome.decodeMillis(),
                sampling());
    }

    /**
     * Tokens of the prompt that fit beside the answer. A longer prompt loses its beginning: what is
     * asked stands at the end.
     */
    private int room() {
        return generator.model().config().maxPositions() - config.decoding().maxNewTokens();
    }

    /** The trace of a stage whose output a person gave. */
    StageTrace edited(String text) {
        return new StageTrace(
                stack,
                config.name(),
                base,
                adapterDigest.hex(),
                "",
                text,
                FinishReason.EDITED,
                0,
                0,
                0,
                List.of(),
                List.of(),
                0,
                0,
                sampling());
    }

    private Sampling sampling() {
        return config.decoding().sampling();
    }
}
