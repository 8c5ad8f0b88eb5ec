package dev.cairn;

import org.jspecify.annotations.Nullable;

/**
 * An error meant for a person: its message is one line that says where (file, field), what was
 * expected, what was found and what to do. The command line prints the message alone and exits with
 * status 1; the stack trace appears only with {@code --verbose}.
 */
public final class CairnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CairnException(String message) {
        super(oneLine(message));
    }

    public CairnException(String message, @Nullable Throwable cause) {
        super(oneLine(message), cause);
    }

    /** What a file says may be part of the message, with line breaks and worse for a terminal. */
    private static String oneLine(String message) {
        return message.replaceAll("\\p{Cntrl}", "?");
    }
}
