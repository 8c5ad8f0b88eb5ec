package dev.cairn.stack.engine;

/**
 * Strips the white space around a text that arrives in pieces: leading white space is dropped,
 * possibly trailing white space is held back until more text follows.
 */
final class Trimmer {
    private final StringBuilder held = new StringBuilder();
    private boolean begun;

    /** Adds a piece and returns the text that has become final since the last call. */
    String push(String piece) {
        held.append(piece);
        int end = held.length();
        while (end > 0 && Character.isWhitespace(held.charAt(end - 1))) {
            end--;
        }
        int from = 0;
        while (!begun && from < end && Character.isWhitespace(held.charAt(from))) {
            from++;
        }
        if (end == 0) {
            return "";
        }
        begun = true;
        String certain = held.substring(from, end);
        held.delete(0, end);
        return certain;
    }
}
