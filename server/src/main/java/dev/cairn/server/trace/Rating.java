package dev.cairn.server.trace;

import java.util.Locale;

/** What a person thinks of a completion, or of a stage's output. */
public enum Rating {
    RIGHT,
    WRONG;

    /** As the database and the API write it, such as {@code right}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Rating of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
