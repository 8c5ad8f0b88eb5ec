package dev.cairn.text.jinja.syntax;

/**
 * An error in a template. The caller that knows the file and the line turns it into the final
 * message.
 */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Fault(String message) {
        super(message, null, false, false);
    }

    public String problem() {
        return String.valueOf(getMessage());
    }

    public static Fault unsupported(String construct) {
        return new Fault(construct + " is not supported");
    }
}
