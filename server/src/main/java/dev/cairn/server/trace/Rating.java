package dev.cairn.server.trace;

import java.util.Locale;

/** A person's rating of a completion or of a stage's output. */
public enum Rating {
    RIGHT,
    WRONG;

    /** The rating in the database and the API, such as {@code right}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Rating of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
