package dev.cairn.stack.engine;

import dev.cairn.generate.SampledToken;
import dev.cairn.generate.TokenLogprob;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Converts tokens to text and bytes, for callers without a vocabulary. */
record TokenTexts(Tokenizer tokenizer) {
    /**
     * A token that was sampled.
     *
     * @param top how many of the most probable tokens to report beside it
     */
    TokenProbability of(SampledToken chosen, int top) {
        return of(chosen.token(), chosen.logprob(), top == 0 ? List.of() : chosen.top(top));
    }

    /** A token that was read or written, with the most probable alternatives. */
    TokenProbability of(int token, @Nullable Double logprob, List<TokenLogprob> top) {
        byte[] bytes = tokenizer.bytes(token);
        return new TokenProbability(
                token,
                text(bytes),
                unsigned(bytes),
                logprob,
                top.stream().map(this::alternative).toList());
    }

    private TokenProbability.Alternative alternative(TokenLogprob candidate) {
        byte[] bytes = tokenizer.bytes(candidate.token());
        return new TokenProbability.Alternative(
                candidate.token(), text(bytes), unsigned(bytes), candidate.logprob());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<Integer> unsigned(byte[] bytes) {
        List<Integer> unsigned = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            unsigned.add(b & 0xFF);
        }
        return unsigned;
    }
}
