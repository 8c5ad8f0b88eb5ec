package dev.cairn.server.http;

import tools.jackson.databind.JsonNode;

/** Says what was found where something else was expected. */
public final class ErrorText {
    private static final int LONGEST = 60;

    private ErrorText() {}

    /** Such as {@code the string "five"} or {@code a list}. */
    public static String in(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "the string \"" + shortened(node.stringValue()) + "\"";
            case NUMBER, BOOLEAN -> shortened(node.toString());
            case ARRAY -> node.isEmpty() ? "an empty list" : "a list";
            case OBJECT -> "an object";
            case NULL -> "null";
            case BINARY, POJO, MISSING -> "nothing";
        };
    }

    /** At most its first characters, on one line. */
    public static String shortened(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.codePointCount(0, line.length()) > LONGEST
                ? line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "..."
                : line;
    }
}
