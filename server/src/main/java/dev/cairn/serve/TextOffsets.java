package dev.cairn.serve;

import dev.cairn.text.TokenProbability;

/** Where tokens begin in a text, in code points. */
final class TextOffsets {
    private static final char PART_OF_A_CHARACTER = '\uFFFD';

    private int seen;

    TextOffsets(int start) {
        seen = start;
    }

    /** Where the next token begins; one in the middle of a character, where that one begins. */
    int next(TokenProbability token) {
        boolean inside = !token.text().isEmpty() && isDivided(token) && continues(token);
        int start = inside ? Math.max(0, seen - 1) : seen;
        seen += length(token);
        return start;
    }

    private static int length(TokenProbability token) {
        if (!isDivided(token)) {
            return token.text().codePointCount(0, token.text().length());
        }
        // A character counts where its first byte is, however many tokens it is divided over.
        return (int) token.bytes().stream().filter(b -> !isContinuation(b)).count();
    }

    private static boolean isDivided(TokenProbability token) {
        return token.text().indexOf(PART_OF_A_CHARACTER) >= 0;
    }

    private static boolean continues(TokenProbability token) {
        return !token.bytes().isEmpty() && isContinuation(token.bytes().getFirst());
    }

    private static boolean isContinuation(int utf8) {
        return (utf8 & 0xC0) == 0x80;
    }
}
