package dev.cairn.records;

import java.nio.file.Path;

/** What a file's name says. */
public final class FileNames {
    private FileNames() {}

    /** The name without directory and ending. */
    public static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
