package dev.cairn.data;

import java.nio.file.Path;

/** What a file's name says. */
final class Names {
    private Names() {}

    /** The name without directory and ending. */
    static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
