package dev.cairn.cli;

import dev.cairn.CairnException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Says in one line what went wrong and what to do about it. */
final class Failure {
    private static final String DISK_FULL = "No space left on device";

    private Failure() {}

    /** The line for a failure: that of the first cause that a user can act on, if there is one. */
    static String explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String known = known(cause);
            if (known != null) {
                return oneLine(known);
            }
        }
        return oneLine(
                "internal error: "
                        + failure
                        + "; run again with --verbose and report what it says");
    }

    /** The text with line breaks turned into spaces. */
    static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static @Nullable String known(Throwable cause) {
        return switch (cause) {
            case CairnException e -> e.getMessage();
            case FileSystemException e -> fileSystem(e);
            case FileNotFoundException e -> e.getMessage() + "; check the path and its permissions";
            case CharacterCodingException e -> "a file is not UTF-8 text; convert it to UTF-8";
            case IOException e -> io(String.valueOf(e.getMessage()));
            case OutOfMemoryError e -> memory(String.valueOf(e.getMessage()));
            case StackOverflowError e -> "nested too deep: the input or a file is malformed";
            default -> null;
        };
    }

    private static String fileSystem(FileSystemException e) {
        String problem =
                switch (e) {
                    case NoSuchFileException missing -> "no such file or folder; check the path";
                    case AccessDeniedException denied ->
                            "permission denied; check who may read and write it";
                    case FileAlreadyExistsException exists ->
                            "already exists; remove it or choose another name";
                    case NotDirectoryException file -> "is not a folder; check the path";
                    default -> io(String.valueOf(e.getReason()));
                };
        return e.getFile() + ": " + problem;
    }

    private static String io(String reason) {
        return reason.contains(DISK_FULL)
                ? "no space left on the disk; free some and run again"
                : reason + "; run again with --verbose to see where";
    }

    private static String memory(String reason) {
        long limitMiB = Runtime.getRuntime().maxMemory() >> 20;
        return "out of memory (%s, limit %d MiB); use smaller batches or a smaller model, or raise it: CAIRN_JAVA_OPTS=-Xmx%dm"
                .formatted(reason, limitMiB, 2 * limitMiB);
    }
}
