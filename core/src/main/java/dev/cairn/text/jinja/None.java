package dev.cairn.text.jinja;

/** Python's {@code None}; JSON's null. */
enum None {
    NONE
}
