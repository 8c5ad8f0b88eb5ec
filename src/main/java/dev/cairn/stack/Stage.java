package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.model.Chosen;
import dev.cairn.model.Generator;
import dev.cairn.text.FinishReason;
import dev.cairn.text.PromptRenderer;
import dev.cairn.text.Sampling;
import dev.cairn.text.StageTrace;
import dev.cairn.text.StopStrings;
import dev.cairn.text.TokenStream;
import dev.cairn.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One step of a stack: a model with its adapter, a prompt template and decoding settings.
 *
 * @param stack name of the stack
 * @param base name of the base model, for the trace
 * @param adapterDigest SHA-256 of the adapter's weights, or {@code none}
 * @param prompt what it reads, as its base wants it written
 */
record Stage(
        String stack,
        String base,
        String adapterDigest,
        StageConfig config,
        PromptRenderer prompt,
        Generator generator,
        Tokenizer tokenizer) {

    Stage withSeed(long seed) {
        return new Stage(
                stack, base, adapterDigest, config.withSeed(seed), prompt, generator, tokenizer);
    }

    Stage writing(int maxNewTokens, List<String> until) {
        int window = generator.model().config().maxPositions();
        if (maxNewTokens >= window) {
            throw new CairnException(
                    "%s: an answer of %d tokens is asked for, which leaves no room for a prompt in the window of %d"
                            .formatted(base, maxNewTokens, window));
        }
        return new Stage(
                stack,
                base,
                adapterDigest,
                config.writing(maxNewTokens, until),
                prompt,
                generator,
                tokenizer);
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
        int room = room();
        int truncated = Math.max(0, ids.length - room);
        int[] kept = Arrays.copyOfRange(ids, truncated, ids.length);
        Writing writing = new Writing(kept, piece -> observer.wrote(config, piece));
        Generator.Outcome outcome =
                generator.generate(
                        kept,
                        config.decoding().sampler(),
                        config.decoding().maxNewTokens(),
                        writing);
        String output = writing.finish();
        if (outcome.endLogprob() != null) {
            writing.logprobs.add(outcome.endLogprob());
            writing.tokens.add("");
        }
        return new StageTrace(
                stack,
                config.name(),
                base,
                adapterDigest,
                truncated == 0 ? prompt : tokenizer.decode(kept),
                output,
                outcome.end() == Generator.End.LENGTH ? FinishReason.LENGTH : FinishReason.STOP,
                kept.length,
                truncated,
                outcome.tokens(),
                writing.tokens,
                writing.logprobs,
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
                adapterDigest,
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

    /** Turns tokens into text that is certain: whole characters, no stop string, trimmed. */
    private final class Writing implements Generator.Sink {
        private final List<String> tokens = new ArrayList<>();
        private final List<Double> logprobs = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final TokenStream stream;
        private final StopStrings stops = StopStrings.of(config.decoding().stop());
        private final Trimmer trimmer = new Trimmer();
        private final @Nullable String marker = config.answerAfter();
        private final Consumer<String> onText;

        Writing(int[] prompt, Consumer<String> onText) {
            this.stream = TokenStream.of(tokenizer, prompt);
            this.onText = onText;
        }

        @Override
        public boolean accept(Chosen chosen) {
            String piece = stream.push(chosen.token());
            tokens.add(piece);
            logprobs.add(chosen.logprob());
            emit(stops.push(piece));
            return !stops.matched();
        }

        private void emit(String piece) {
            String certain = trimmer.push(piece);
            text.append(certain);
            // With a marker only what follows its last occurrence counts, known at the end.
            if (marker == null) {
                pass(certain);
            }
        }

        private void pass(String piece) {
            if (!piece.isEmpty()) {
                onText.accept(piece);
            }
        }

        String finish() {
            emit(stops.push(stream.flush()));
            emit(stops.flush());
            if (marker == null) {
                return text.toString();
            }
            int at = text.lastIndexOf(marker);
            String answer = at < 0 ? "" : text.substring(at + marker.length()).strip();
            pass(answer);
            return answer;
        }
    }
}
