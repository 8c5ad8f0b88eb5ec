package dev.cairn.server.http;

import tools.jackson.databind.JsonNode;

/** Formats what a client sent for error messages. */
public final class ErrorText {
    private static final int MAX_CHARACTERS = 60;

    private ErrorText() {}

    /** A value in words, such as {@code the string "five"} or {@code a list}. */
    public static String describe(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "the string \"" + excerpt(node.stringValue()) + "\"";
            case NUMBER, BOOLEAN -> excerpt(node.toString());
            case ARRAY -> node.isEmpty() ? "an empty list" : "a list";
            case OBJECT -> "an object";
            case NULL -> "null";
            case BINARY, POJO, MISSING -> "nothing";
        };
    }

    /** The beginning of a text, on one line. */
    public static String excerpt(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.codePointCount(0, line.length()) > MAX_CHARACTERS
                ? line.substring(0, line.offsetByCodePoints(0, MAX_CHARACTERS)) + "..."
                : line;
    }
}
