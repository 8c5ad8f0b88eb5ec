package dev.cairn.text.jinja.syntax;

/** Python's {@code None}; JSON's null. */
public enum None {
    NONE
}
