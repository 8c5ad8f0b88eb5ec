package dev.cairn.text.jinja;

/** What a template cannot do; whoever knows the file and the line makes a message of it. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    Fault(String message) {
        super(message, null, false, false);
    }

    String problem() {
        return String.valueOf(getMessage());
    }

    static Fault unsupported(String construct) {
        return new Fault(construct + " is not supported");
    }
}
