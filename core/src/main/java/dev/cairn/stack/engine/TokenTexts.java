package dev.cairn.stack.engine;

import dev.cairn.generate.SampledToken;
import dev.cairn.generate.TokenLogprob;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.tokenizer.StreamingDetokenizer;
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

    /**
     * Tokens of a prompt, at their places in its text.
     *
     * @param text the prompt as it is repeated
     * @param isSent whether a person sent this text, so that special tokens are spelled in it;
     *     otherwise it is what the tokens decode to
     */
    List<TokenProbability> placed(List<TokenProbability> tokens, String text, boolean isSent) {
        StreamingDetokenizer stream = StreamingDetokenizer.of(tokenizer, new int[0]);
        TokenPositions positions = new TokenPositions(false);
        int length = text.codePointCount(0, text.length());
        boolean isLost = false;
        List<TokenProbability> placed = new ArrayList<>(tokens.size());
        for (TokenProbability token : tokens) {
            boolean isSpecial = tokenizer.isSpecial(token.id());
            boolean isSpelled = isSent && isSpecial && isAt(positions.complete(), token, text);
            String piece = isSpelled ? stream.flush() + token.text() : stream.push(token.id());
            if (isLost && !piece.isEmpty()) {
                positions.skipTo(found(piece, positions.complete(), text));
                isLost = false;
            }
            // It stands for something in the text, as the unknown token does, or for nothing.
            isLost |= isSent && isSpecial && !isSpelled;
            int offset = positions.next(token.bytes(), !isSpecial || isSpelled);
            positions.complete(piece, stream.isHoldingBack());
            placed.add(token.at(Math.min(offset, length)));
        }
        return placed;
    }

    private static boolean isAt(int codePoints, TokenProbability token, String text) {
        return codePoints <= text.codePointCount(0, text.length())
                && text.startsWith(token.text(), text.offsetByCodePoints(0, codePoints));
    }

    /** The next place of a piece in a text; {@code from} if there is none. */
    private static int found(String piece, int from, String text) {
        if (from > text.codePointCount(0, text.length())) {
            return from;
        }
        int at = text.indexOf(piece, text.offsetByCodePoints(0, from));
        return at < 0 ? from : text.codePointCount(0, at);
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
