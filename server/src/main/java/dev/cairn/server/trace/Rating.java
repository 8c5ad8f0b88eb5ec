package dev.cairn.server.trace;

import java.util.Locale;

/** What a person thinks of an answer, or of what a stage wrote. */
public enum Rating {
    RIGHT,
    WRONG;

    /** As the file and the API have it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Rating of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
