package dev.cairn.server.openai;

import dev.cairn.text.TokenProbability;

/** Computes the positions of tokens in a text, in code points. */
final class TextOffsets {
    private static final char REPLACEMENT_CHARACTER = '\uFFFD';

    private int seen;

    TextOffsets(int start) {
        seen = start;
    }

    /**
     * The start of the next token; if it begins inside a character, the start of that character.
     */
    int next(TokenProbability token) {
        boolean inside = !token.text().isEmpty() && isPartial(token) && continues(token);
        int start = inside ? Math.max(0, seen - 1) : seen;
        seen += length(token);
        return start;
    }

    private static int length(TokenProbability token) {
        if (!isPartial(token)) {
            return token.text().codePointCount(0, token.text().length());
        }
        // A character is counted at its first byte, no matter how many tokens it spans.
        return (int) token.bytes().stream().filter(b -> !isContinuation(b)).count();
    }

    private static boolean isPartial(TokenProbability token) {
        return token.text().indexOf(REPLACEMENT_CHARACTER) >= 0;
    }

    private static boolean continues(TokenProbability token) {
        return !token.bytes().isEmpty() && isContinuation(token.bytes().getFirst());
    }

    private static boolean isContinuation(int utf8) {
        return (utf8 & 0xC0) == 0x80;
    }
}
