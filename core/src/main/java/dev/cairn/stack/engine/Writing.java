package dev.cairn.stack.engine;

import dev.cairn.generate.Generator;
import dev.cairn.generate.SampledToken;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Ending;
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
     * @param ending how the output ends beside the stop strings
     */
    record Rules(List<String> stop, boolean trims, @Nullable String marker, Ending ending) {}

    private final List<String> tokens = new ArrayList<>();
    private final List<Double> logprobs = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final Tokenizer tokenizer;
    private final StreamingDetokenizer stream;
    private final TokenPositions positions;
    private final Ending ending;
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
        this.tokenizer = tokenizer;
        this.stream = StreamingDetokenizer.of(tokenizer, prompt);
        this.positions = new TokenPositions(rules.trims());
        this.ending = rules.ending();
        this.stops = StopStrings.of(rules.stop(), ending.includesStop());
        this.trimmer = rules.trims() ? new Trimmer() : null;
        this.marker = rules.marker();
        this.audience = audience;
        this.tokenTexts = new TokenTexts(tokenizer);
    }

    @Override
    public boolean accept(SampledToken token) {
        boolean isStop = ending.stopTokenIds().contains(token.token());
        if (isStop && !ending.includesStop()) {
            tokens.add("");
            logprobs.add(token.logprob());
            return false;
        }
        TokenProbability probability = tokenTexts.of(token, audience.top());
        boolean isSpecial = tokenizer.isSpecial(token.token());
        boolean isWritten = !isSpecial || ending.keepsSpecialTokens();
        probability = probability.at(positions.next(probability.bytes(), isWritten));
        String piece =
                isSpecial && isWritten
                        ? stream.flush() + probability.text()
                        : stream.push(token.token());
        positions.complete(piece, stream.isHoldingBack());
        tokens.add(piece);
        logprobs.add(token.logprob());
        tell("");
        // Where the text after a marker begins is known only at the end.
        pending.add(marker == null ? probability : probability.at(0));
        probabilities.add(probability);
        emit(stops.push(piece));
        if (!isWritten) {
            emit(stops.pushSpecial(probability.text()));
        }
        return !stops.matched() && !isStop;
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
        if (outcome.endToken() != null) {
            end(outcome.endToken());
        }
        emit(stops.flush());
        if (marker == null) {
            tell("");
            place(0, codePoints(text));
            return text.toString();
        }
        int at = text.lastIndexOf(marker);
        String after = at < 0 ? "" : text.substring(at + marker.length());
        String answer = after.strip();
        place(codePoints(text) - codePoints(after.stripLeading()), codePoints(answer));
        tell(answer);
        return answer;
    }

    /** The model's own end token may complete a stop string, or be part of the text. */
    private void end(int token) {
        String spelling = tokenTexts.of(token, null, List.of()).text();
        if (tokenizer.isSpecial(token)) {
            emit(ending.keepsSpecialTokens() ? stops.push(spelling) : stops.pushSpecial(spelling));
        }
    }

    /** Moves the tokens to their places in the part of the text that is passed on. */
    private void place(int start, int length) {
        probabilities.replaceAll(token -> token.at(Math.clamp(token.offset() - start, 0, length)));
    }

    private static int codePoints(CharSequence text) {
        return Character.codePointCount(text, 0, text.length());
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
