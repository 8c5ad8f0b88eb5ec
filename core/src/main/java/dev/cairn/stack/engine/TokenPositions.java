package dev.cairn.stack.engine;

import java.util.List;

/** Finds where tokens begin in the text that they become, in code points. */
final class TokenPositions {
    private final boolean trims;

    /** Code points of the characters that are complete. */
    private int complete;

    /** Code points that have begun since, the last of which may be incomplete. */
    private int begun;

    private int leading;
    private boolean hasBegun;

    /**
     * @param trims whether white space at the beginning is not part of the text
     */
    TokenPositions(boolean trims) {
        this.trims = trims;
    }

    /**
     * The start of the next token; if it begins inside a character, the start of that character.
     *
     * @param bytes its UTF-8 bytes, 0 to 255 each
     * @param isWritten whether it is part of the text
     */
    int next(List<Integer> bytes, boolean isWritten) {
        boolean isInside =
                isWritten && begun > 0 && !bytes.isEmpty() && isContinuation(bytes.getFirst());
        int start = complete + begun - (isInside ? 1 : 0);
        if (isWritten) {
            // A character is counted at its first byte, no matter how many tokens it spans.
            begun += (int) bytes.stream().filter(b -> !isContinuation(b)).count();
        }
        return Math.max(0, start - leading);
    }

    /**
     * Counts text that has become complete.
     *
     * @param isHoldingBack whether a further character is incomplete
     */
    void complete(String piece, boolean isHoldingBack) {
        complete += piece.codePointCount(0, piece.length());
        if (!isHoldingBack) {
            begun = 0;
        }
        for (int i = 0; i < piece.length() && trims && !hasBegun; i++) {
            hasBegun = !Character.isWhitespace(piece.charAt(i));
            leading += hasBegun ? 0 : 1;
        }
    }

    /** Goes on at a later place, where no character is incomplete. */
    void skipTo(int codePoints) {
        complete = codePoints;
    }

    /** Code points of the complete characters. */
    int complete() {
        return complete;
    }

    private static boolean isContinuation(int utf8) {
        return (utf8 & 0xC0) == 0x80;
    }
}
