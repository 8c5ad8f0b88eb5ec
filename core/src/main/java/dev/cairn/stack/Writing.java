package dev.cairn.stack;

import dev.cairn.generate.Generator;
import dev.cairn.generate.SampledToken;
import dev.cairn.text.StopStrings;
import dev.cairn.text.tokenizer.StreamingDetokenizer;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the tokens of one completion into text that is certain: whole characters, no stop text. */
final class Writing implements Generator.Sink {
    /** Hears of what is written, on the thread that writes. */
    interface Listener {
        /** A token was chosen; before {@link #wrote} is told what became certain with it. */
        default void chose(SampledToken token) {}

        /** A piece of text became certain; never empty. */
        default void wrote(String piece) {}

        /** Asked again and again whether anybody still wants the text; throws if not. */
        default void check() {}
    }

    /**
     * What a text is made of besides the tokens.
     *
     * @param stop texts that end it and are no part of it
     * @param trims whether white space around it is dropped
     * @param marker only what follows its last occurrence counts, nothing without it; may be null
     */
    record Rules(List<String> stop, boolean trims, @Nullable String marker) {}

    private final List<String> tokens = new ArrayList<>();
    private final List<Double> logprobs = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StreamingDetokenizer stream;
    private final StopStrings stops;
    private final @Nullable Trimmer trimmer;
    private final @Nullable String marker;
    private final Listener listener;

    /**
     * @param prompt the tokens that the text comes after
     */
    Writing(Tokenizer tokenizer, int[] prompt, Rules rules, Listener listener) {
        this.stream = StreamingDetokenizer.of(tokenizer, prompt);
        this.stops = StopStrings.of(rules.stop());
        this.trimmer = rules.trims() ? new Trimmer() : null;
        this.marker = rules.marker();
        this.listener = listener;
    }

    @Override
    public boolean accept(SampledToken token) {
        String piece = stream.push(token.token());
        tokens.add(piece);
        logprobs.add(token.logprob());
        listener.chose(token);
        emit(stops.push(piece));
        return !stops.matched();
    }

    @Override
    public void check() {
        listener.check();
    }

    private void emit(String piece) {
        String certain = trimmer == null ? piece : trimmer.push(piece);
        text.append(certain);
        // With a marker only what follows its last occurrence counts, known at the end.
        if (marker == null) {
            pass(certain);
        }
    }

    private void pass(String piece) {
        if (!piece.isEmpty()) {
            listener.wrote(piece);
        }
    }

    /** The whole text. */
    String finish(Generator.Outcome outcome) {
        if (outcome.endLogprob() != null) {
            tokens.add("");
            logprobs.add(outcome.endLogprob());
        }
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

    /** What each token added to the text; nothing for the token that ended it. */
    List<String> tokens() {
        return tokens;
    }

    /** Log-probability of each token, the one that ended the text included. */
    List<Double> logprobs() {
        return logprobs;
    }
}
