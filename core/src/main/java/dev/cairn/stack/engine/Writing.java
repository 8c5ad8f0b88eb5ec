package dev.cairn.stack.engine;

import dev.cairn.generate.Generator;
import dev.cairn.generate.SampledToken;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.tokenizer.StreamingDetokenizer;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the tokens of one completion into final text: complete characters, no stop strings. */
final class Writing implements Generator.TokenListener {
    /**
     * The receiver of the output.
     *
     * @param stage name of the stage that writes
     * @param top how many of the most probable tokens to report beside each token
     */
    record Audience(String stage, StageListener listener, int top) {}

    /**
     * The rules for turning tokens into the output.
     *
     * @param stop stop strings, which end the output and are not part of it
     * @param trims whether white space around the output is removed
     * @param marker only the text after its last occurrence counts, and nothing if it does not
     *     occur; may be null
     */
    record Rules(List<String> stop, boolean trims, @Nullable String marker) {}

    private final List<String> tokens = new ArrayList<>();
    private final List<Double> logprobs = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StreamingDetokenizer stream;
    private final StopStrings stops;
    private final @Nullable Trimmer trimmer;
    private final @Nullable String marker;
    private final Audience audience;
    private final TokenTexts tokenTexts;

    /**
     * Tokens not yet reported: they are reported together with the text that becomes final with
     * them.
     */
    private final List<TokenProbability> pending = new ArrayList<>();

    private final List<TokenProbability> probabilities = new ArrayList<>();

    /**
     * @param prompt the prompt's token ids
     */
    Writing(Tokenizer tokenizer, int[] prompt, Rules rules, Audience audience) {
        this.stream = StreamingDetokenizer.of(tokenizer, prompt);
        this.stops = StopStrings.of(rules.stop());
        this.trimmer = rules.trims() ? new Trimmer() : null;
        this.marker = rules.marker();
        this.audience = audience;
        this.tokenTexts = new TokenTexts(tokenizer);
    }

    @Override
    public boolean accept(SampledToken token) {
        String piece = stream.push(token.token());
        tokens.add(piece);
        logprobs.add(token.logprob());
        tell("");
        TokenProbability probability = tokenTexts.of(token, audience.top());
        pending.add(probability);
        probabilities.add(probability);
        emit(stops.push(piece));
        return !stops.matched();
    }

    private void emit(String piece) {
        String certain = trimmer == null ? piece : trimmer.push(piece);
        text.append(certain);
        // With a marker, only the text after its last occurrence counts, which is known only at the
        // end.
        if (marker == null) {
            tell(certain);
        }
    }

    private void tell(String piece) {
        if (!piece.isEmpty() || !pending.isEmpty()) {
            audience.listener().wrote(audience.stage(), piece, List.copyOf(pending));
            pending.clear();
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
            tell("");
            return text.toString();
        }
        int at = text.lastIndexOf(marker);
        String answer = at < 0 ? "" : text.substring(at + marker.length()).strip();
        tell(answer);
        return answer;
    }

    /** What each token added to the text; nothing for the token that ended it. */
    List<String> tokens() {
        return tokens;
    }

    /** Log-probability of each token, including the one that ended the text. */
    List<Double> logprobs() {
        return logprobs;
    }

    /** The tokens with their most probable alternatives, without the token that ended the text. */
    List<TokenProbability> probabilities() {
        return probabilities;
    }
}
