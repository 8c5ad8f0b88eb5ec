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
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Says in one line what went wrong and what to do about it. */
final class Failure {
    private static final String DISK_FULL = "No space left on device";

    /** How the settings that the library suggests are given on the command line. */
    private static final Map<String, String> BY_SETTING =
            Map.ofEntries(
                    Map.entry("apiKeys", "--api-key-file or CAIRN_API_KEY"),
                    Map.entry("base", "--base"),
                    Map.entry("data", "--data"),
                    Map.entry("format", "--quant"),
                    Map.entry("limit", "--limit"),
                    Map.entry("numFewshot", "--num_fewshot"),
                    Map.entry("output", "--output"),
                    Map.entry("port", "--port"),
                    Map.entry("resume", "--resume"),
                    Map.entry("samples", "--output_path"),
                    Map.entry("system", "--system"),
                    Map.entry("why", "--why"));

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

    /** The options of a verb that get around a failure, in brackets; empty where there are none. */
    static String flags(Throwable failure, CommandSpec verb) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CairnException e && !e.suggestedSettings().isEmpty()) {
                return shown(e.suggestedSettings(), verb);
            }
        }
        return "";
    }

    private static String shown(List<String> settings, CommandSpec verb) {
        String options =
                settings.stream()
                        .map(setting -> BY_SETTING.getOrDefault(setting, ""))
                        .filter(flag -> verb.optionsMap().containsKey(flag.split(" ", 2)[0]))
                        .collect(Collectors.joining(", "));
        return options.isEmpty() ? "" : " (" + options + ")";
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
