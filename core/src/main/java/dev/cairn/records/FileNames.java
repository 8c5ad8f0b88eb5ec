package dev.cairn.records;

import java.nio.file.Path;

/** Parts of file names. */
public final class FileNames {
    private FileNames() {}

    /** The file's name without folder and extension. */
    public static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
