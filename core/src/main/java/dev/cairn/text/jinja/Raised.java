package dev.cairn.text.jinja;

/** Thrown when the template itself calls {@code raise_exception}. */
final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1;

    Raised(String message) {
        super(message, null, false, false);
    }
}
