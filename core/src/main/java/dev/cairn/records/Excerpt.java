package dev.cairn.records;

/** The beginning of a text, short enough for a message of one line. */
public final class Excerpt {
    private static final int MAX_CHARACTERS = 40;

    private Excerpt() {}

    /** The text itself when it is short, else its beginning and an ellipsis. */
    public static String of(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "…";
    }
}
