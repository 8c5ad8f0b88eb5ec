package dev.cairn.records;

/** Shortens a text so that it fits into a one-line message. */
public final class Excerpt {
    private static final int MAX_CHARACTERS = 40;

    private Excerpt() {}

    /** The text itself when it is short, otherwise its beginning and an ellipsis. */
    public static String of(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS) + "…";
    }
}
