package dev.cairn.text.jinja;

/** The template itself called {@code raise_exception}. */
final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1;

    Raised(String message) {
        super(message, null, false, false);
    }
}
